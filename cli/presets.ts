import { ExitCode } from '../core/errors/error.js';
import { configFileAbove, hasConfigFile } from '../core/experiment/config-file.js';
import { PresetLibrary } from '../core/experiment/library.js';
import type { Preset } from '../core/experiment/preset.js';
import { jsonOf, type JsonValue } from '../core/run/json.js';
import { formatCount } from '../core/services/format.js';
import type { GlobalOptions } from './context.js';
import { table } from './table.js';

/** `ncn presets [NAME]` */
export async function presetsCommand(options: GlobalOptions, name: string): Promise<ExitCode> {
  const { library, result } = await sourceOf(options);
  if (name !== '') {
    const line = library.lineage(name);
    const preset = library.preset(name);
    const plugins = line.flatMap((part) =>
      part.plugins.map(({ plugin, options: o }) => [plugin, JSON.stringify(o), part.name]),
    );
    const about = [
      `${preset.name}: ${preset.summary}`,
      `  also called ${preset.aliases.join(', ') || 'nothing else'}; ${aboutText(preset.about)}`,
      `  ${formatCount(preset.updates ?? 0)} updates`,
      ...Object.entries(preset.variants).map(([v, { summary }]) => `  --variant ${v}: ${summary}`),
      '',
      table(['plugin', 'options', 'from'], plugins),
    ];
    result(about.join('\n'), jsonOf({ ...preset, lineage: line.map((p) => p.name) }));
    return ExitCode.ok;
  }
  const presets = library.list();
  const rows = presets.map((preset) => [
    preset.name,
    aboutText(preset.about),
    formatCount(preset.updates ?? 0),
    preset.summary,
  ]);
  const profiles = library.listProfiles().map((profile) => [profile.name, profile.summary]);
  result(
    `${table(['preset', 'about', 'updates', 'experiment'], rows)}\n\n${table(['profile', ''], profiles)}`,
    jsonOf({ presets, profiles: library.listProfiles() }),
  );
  return ExitCode.ok;
}

interface Source {
  readonly library: PresetLibrary;
  readonly result: (text: string, json: JsonValue) => void;
}

/** Where no configuration file names further presets, nothing but the list need be loaded. */
async function sourceOf(options: GlobalOptions): Promise<Source> {
  const folder = process.cwd();
  if (hasConfigFile(folder) || configFileAbove(folder) !== undefined) {
    const { openContext } = await import('./context.js');
    const { library, terminal } = await openContext(options);
    return { library, result: (text, json) => terminal.result(text, json) };
  }
  return {
    library: await PresetLibrary.load(),
    result: (text, json) =>
      process.stdout.write(`${options.json === true ? JSON.stringify(json) : text}\n`),
  };
}

/** Free metadata on a line. */
const aboutText = (about: Preset['about']): string =>
  Object.entries(about)
    .map(
      ([name, value]) =>
        `${name} ${Array.isArray(value) ? value.join(', ') : JSON.stringify(value)}`,
    )
    .join('; ');
