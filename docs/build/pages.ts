import { relative } from 'node:path';
import * as prettier from 'prettier';
import { PresetLibrary } from '../../core/experiment/library.js';
import { Lifecycle } from '../../core/hooks/lifecycle.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import { apiPage } from './api-page.js';
import { apiReport, reportPath } from './api-report.js';
import { hookPage } from './hook-page.js';
import { pluginPage } from './plugin-page.js';
import { fromRoot } from './source.js';
import { tapsOf } from './taps.js';

/** Every document that is generated: path in the repository, and text. */
export async function generatedPages(): Promise<Map<string, string>> {
  const library = await PresetLibrary.load();
  const loader = new PluginLoader();
  const plugins = (await loader.listBuiltIn())
    .map((loaded) => ({ ...loaded, taps: tapsOf(loaded.plugin) }))
    .sort((a, b) => (a.plugin.name < b.plugin.name ? -1 : 1));
  const hooks = new Lifecycle().all;
  const order = hooks.map(({ name }) => name);
  const pages = new Map<string, string>();
  for (const hook of hooks) {
    const users = plugins
      .filter(({ taps }) => taps.hooks.includes(hook.name))
      .map(({ plugin }) => plugin.name);
    pages.set(`hooks/${hook.name}.md`, hookPage(hook, order, users));
  }
  for (const { plugin, file, taps } of plugins) {
    const presets = library
      .list()
      .map(({ name }) => name)
      .filter((name) =>
        library.lineage(name).some((part) => part.plugins.some((u) => u.plugin === plugin.name)),
      );
    const source = relative(fromRoot('.'), file)
      .replace(/^dist\//, '')
      .replace(/\.js$/, '.ts');
    pages.set(`plugins/${plugin.name}.md`, pluginPage(plugin, source, taps, presets));
  }
  pages.set('api.md', apiPage());
  pages.set(
    'README.md',
    [
      '# Reference',
      'Generated from the source by `npm run docs`; a test fails where a page is out of date.',
      '- [API reference](api.md)',
      '## Hooks, in the order in which they fire',
      hooks.map((h) => `- [${h.name}](hooks/${h.name}.md) (${h.kind}): ${h.summary}`).join('\n'),
      '## First-party plugins',
      plugins
        .map(({ plugin: p }) => `- [${p.name}](plugins/${p.name}.md): ${p.summary}`)
        .join('\n'),
    ].join('\n\n'),
  );
  const formatted = new Map<string, string>();
  for (const [path, text] of pages) {
    const full = `docs/reference/${path}`;
    const options = await prettier.resolveConfig(fromRoot(full));
    formatted.set(full, await prettier.format(`${text}\n`, { ...options, filepath: full }));
  }
  formatted.set(reportPath, apiReport());
  return formatted;
}
