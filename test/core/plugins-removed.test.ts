import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../e2e/support.js';

const root = resolve(import.meta.dirname, '../..');

/** Takes each plugin's file away in turn, and resolves every preset without it. */
const script = `
import { renameSync } from 'node:fs';
const { PresetLibrary } = await import('./dist/core/experiment/library.js');
const { resolveExperiment } = await import('./dist/core/experiment/resolve.js');
const { PluginLoader } = await import('./dist/core/plugins/loader.js');
const library = await PresetLibrary.load();
const presets = library.list().map(({ name }) => name);
const result = {};
for (const { plugin: { name }, file } of await new PluginLoader().listBuiltIn()) {
  const lists = presets.filter((preset) =>
    library.lineage(preset).some((part) => part.plugins.some(({ plugin }) => plugin === name)));
  renameSync(file, file + '.gone');
  const broken = {};
  const loader = new PluginLoader();
  for (const preset of presets) {
    await resolveExperiment({ preset }, library, loader)
      .catch((error) => { broken[preset] = error.message; });
  }
  renameSync(file + '.gone', file);
  result[name] = { lists, broken };
}
console.log(JSON.stringify(result));`;

test('deleting a plugin breaks only the presets that list it', () => {
  const copy = temporary();
  for (const part of ['dist', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: copy });
  const result = JSON.parse(out.toString()) as Record<
    string,
    { lists: string[]; broken: Record<string, string> }
  >;
  expect(Object.keys(result).length).toBeGreaterThan(15);
  for (const [plugin, { lists, broken }] of Object.entries(result)) {
    expect(Object.keys(broken), plugin).toEqual(lists);
    for (const message of Object.values(broken)) {
      expect(message).toContain(`There is no plugin '${plugin}'`);
    }
  }
}, 300_000);
