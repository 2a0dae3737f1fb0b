import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PresetLibrary } from '../core/experiment/library.js';
import { ExitCode } from '../core/errors/error.js';
import { PluginLoader } from '../core/plugins/loader.js';
import { prepareTiny, trainTiny } from './support/tiny.js';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');

test('the plugin of the README works as it stands there', async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const file = join(mkdtempSync(join(tmpdir(), 'ncn-readme-')), 'brightness.ts');
  writeFileSync(file, source);
  const prepared = await prepareTiny('dcnn_v1', {}, [file]);
  const { metrics, session } = await trainTiny(prepared, 'cpu', 1);
  expect(metrics[0]?.get('generator/brightness')).toBeGreaterThanOrEqual(0);
  await session.close();
});

test('the README lists every preset with its figures', async () => {
  const library = await PresetLibrary.load();
  const rows = readme.replaceAll(/ +/g, ' ');
  for (const { name, about } of library.list().filter((preset) => 'figures' in preset.about)) {
    if (name === 'conditional_v6') continue;
    expect(rows).toContain(`| \`${name}\` | ${[about['figures']].flat().map(String).join(', ')} |`);
  }
});

test('every exit code is documented', () => {
  const documented = read('docs/exit-codes.md').replaceAll(/ +/g, ' ');
  for (const code of Object.values(ExitCode)) expect(documented).toContain(`| ${code} |`);
});

test('the test command of the README is what CI runs', () => {
  expect(readme).toContain('npm install && npm test');
  expect(read('.ci/run')).toMatch(/^npm ci .*$[^]*^npm test$/m);
});

test('both READMEs list the plugins that experiments are made of', async () => {
  const kinds =
    /^(array|discriminator|ema|generator|gradients|log|loss|optimizer|pairs|regularizer|stop)\b/;
  const korean = read('README.ko.md');
  for (const { plugin } of await new PluginLoader().listBuiltIn()) {
    if (!kinds.test(plugin.name)) continue;
    const listed = new RegExp(`^\\| .*\`${plugin.name}\``, 'm');
    expect(readme, plugin.name).toMatch(listed);
    expect(korean, plugin.name).toMatch(listed);
  }
});
