import { describeTypes } from '../../core/experiment/types-of.js';
import { jsonSchema } from '../../core/experiment/units.js';
import { flatten, isObject } from '../../core/experiment/paths.js';
import { jsonOf } from '../../core/run/json.js';
import type { Plugin } from '../../core/plugins/plugin.js';
import type { Taps } from './taps.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function optionsTable(plugin: Plugin): string {
  const described = describeTypes(jsonSchema(plugin.options), '');
  if (described.size === 0) return 'It has no options.';
  const parsed = jsonOf(plugin.options.parse({}));
  const defaults = isObject(parsed) ? parsed : {};
  const flat = flatten(defaults);
  const rows = [...described].map(([path, { type, description }]) => {
    const value = flat.get(path) ?? defaults[path];
    const shown = value === undefined ? '–' : `\`${JSON.stringify(value)}\``;
    return `| \`${plugin.name}.${path}\` | ${cell(type)} | ${cell(shown)} | ${cell(description)} |`;
  });
  return ['| option | type | default | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const list = (items: readonly string[], none = 'none'): string =>
  items.length === 0 ? none : items.join(', ');

/** @param presets those that list it, themselves or by what they extend */
export function pluginPage(
  plugin: Plugin,
  file: string,
  taps: Taps,
  presets: readonly string[],
): string {
  return [
    `# Plugin \`${plugin.name}\``,
    `${plugin.summary}. Version ${plugin.version}; source: [\`${file}\`](../../../${file}).`,
    '## Options',
    optionsTable(plugin),
    '## How it works with others',
    [
      `- Hooks it taps: ${list(taps.hooks.map((hook) => `[${hook}](../hooks/${hook}.md)`))}`,
      `- Plugins it needs: ${list(plugin.requires.map((name) => `[${name}](${name}.md)`))}`,
      `- Plugins it replaces: ${list(plugin.replaces)}`,
      `- State in checkpoints: ${taps.persists ? 'yes' : 'none of its own'}`,
      `- Presets that list it: ${list(presets.map((name) => `\`${name}\``))}`,
    ].join('\n'),
  ].join('\n\n');
}
