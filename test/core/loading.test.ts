import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { NcnError } from '../../core/errors/error.js';
import { loadConfigFile } from '../../core/experiment/config-file.js';
import { explainValues } from '../../core/experiment/explain.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import { resolveExperiment, type ExperimentRequest } from '../../core/experiment/resolve.js';
import { checkPlugin } from '../../core/plugins/check.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import { prepareTiny } from '../../lab/testing/prepare.js';

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ncn-loading-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const source = (fields = '', setup = ''): string => `import { definePlugin, z } from 'ncn';
export default definePlugin({ name: 'mine', version: '1.2.3', summary: 'a test',
  options: z.strictObject({ size: z.number().default(3).describe('how big') }),
  setup({ hooks }) { ${setup} }, ${fields} });`;

const manifest = (more = {}): string =>
  JSON.stringify({ name: 'ncn-mine', type: 'module', exports: './src/entry.ts', ...more });

async function resolveIn(folder: string, request: Omit<ExperimentRequest, 'file'>) {
  const library = await PresetLibrary.load(folder);
  const file = await loadConfigFile(folder);
  for (const preset of file?.presets ?? []) await library.open(preset, file?.folder);
  const loader = new PluginLoader(folder);
  return resolveExperiment(
    { ...request, ...(file === undefined ? {} : { file }) },
    library,
    loader,
  );
}

async function failure(work: () => unknown): Promise<NcnError> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  if (!(error instanceof NcnError)) throw new Error(`no NcnError: ${String(error)}`);
  return error;
}

const places = {
  'mine.ts': source(),
  'pack/package.json': manifest(),
  'pack/src/entry.ts': source(),
  'plain/index.ts': source(),
  'node_modules/ncn-mine/package.json': manifest(),
  'node_modules/ncn-mine/src/entry.ts': source(),
};

test.each(['./mine.ts', './mine', 'mine.ts', './pack', './plain', 'ncn-mine'])(
  'a TypeScript plugin loads as %s',
  async (spec) => {
    const folder = folderWith(places);
    const { values } = await resolveIn(folder, { preset: 'dcnn_v1', plugins: [spec] });
    expect(values.find(({ path }) => path === 'mine.size')).toMatchObject({
      value: 3,
      origin: 'default',
      description: 'how big',
    });
  },
);

test('an absolute path works too, and what was tried is listed where nothing is found', async () => {
  const folder = folderWith(places);
  const loader = new PluginLoader(folder);
  expect((await loader.load(join(folder, 'pack'))).plugin.name).toBe('mine');
  const error = await failure(() => loader.load('nowhere'));
  expect(error.code).toBe('NCN_PLUGIN_NOT_FOUND');
  expect(error.message).toContain('the plugins of ncn');
  expect(error.message).toContain(join(folder, 'nowhere'));
  expect(error.message).toContain("the package 'nowhere'");
});

test('a preset file names plugins by path from itself, and extends another file', async () => {
  const folder = folderWith({
    'lab/mine.ts': source(),
    'lab/base.ts': `import { definePreset, use } from 'ncn';
      export default definePreset({ name: 'base', summary: 's', extends: 'dcnn_v1', plugins: [use('./mine.ts', { size: 7 })] });`,
    'lab/top.json': JSON.stringify({
      name: 'top',
      summary: 's',
      extends: './base.ts',
      plugins: [],
    }),
  });
  const { values, preset } = await resolveIn(folder, { preset: './lab/top.json' });
  expect(preset.name).toBe('top');
  expect(values.find(({ path }) => path === 'mine.size')).toMatchObject({
    value: 7,
    origin: 'preset base',
  });
});

test('ncn.config adds plugins, presets and values, below the command line', async () => {
  const folder = folderWith({
    'mine.ts': source(),
    'ncn.config.ts': `import { defineConfig } from 'ncn';
      export default defineConfig({ plugins: [{ plugin: './mine', options: { size: 4 } }], presets: ['./p.json'],
        set: { batch: 9, seed: 5, 'discriminator.vanilla.width': 0.5 } });`,
    'p.json': JSON.stringify({ name: 'p', summary: 's', extends: 'dcnn_v1', plugins: [] }),
  });
  const experiment = await resolveIn(folder, { preset: 'p', set: [['seed', 6, 'command line']] });
  expect(experiment.core).toMatchObject({ batch: 9, seed: 6 });
  const [seed] = explainValues(experiment, 'seed');
  expect(seed?.default).toBe(1);
  expect(seed?.layers.map(({ origin }) => origin)).toEqual(['file ncn.config.ts', 'command line']);
  expect(explainValues(experiment, 'mine.size')).toMatchObject([
    { value: 4, default: 3, owner: 'mine', layers: [{ origin: 'file ncn.config.ts', value: 4 }] },
  ]);
  const error = await failure(() => explainValues(experiment, 'mine.sise'));
  expect(error.hint).toContain("'mine.size'");
});

const refused: [what: string, code: string, message: RegExp, files: Record<string, string>][] = [
  [
    'a bad name',
    'NCN_PLUGIN_DEFINITION',
    /'name' must be dotted/,
    { 'm.ts': source("name: 'a b'") },
  ],
  ['a bad version', 'NCN_PLUGIN_DEFINITION', /'version'/, { 'm.ts': source("version: 'one'") }],
  [
    'options of no object',
    'NCN_PLUGIN_DEFINITION',
    /'options'/,
    { 'm.ts': source('options: z.string()') },
  ],
  ['no setup', 'NCN_PLUGIN_DEFINITION', /'setup'/, { 'm.ts': source('setup: 3') }],
  ['another ncn wanted', 'NCN_PLUGIN_HOST', /works with ncn \^9/, { 'm.ts': source("ncn: '^9'") }],
  [
    'another ncn wanted by its package',
    'NCN_PLUGIN_HOST',
    /\^8 .*package\.json/,
    { 'm/package.json': manifest({ peerDependencies: { ncn: '^8' } }), 'm/src/entry.ts': source() },
  ],
  ['a range that is none', 'NCN_PLUGIN_RANGE', /'new'/, { 'm.ts': source("ncn: 'new'") }],
  [
    'a requirement',
    'NCN_PLUGIN_REQUIRES',
    /needs the plugin 'x'/,
    { 'm.ts': source("requires: ['x']") },
  ],
  [
    'a conflict',
    'NCN_PLUGIN_CONFLICT',
    /together with 'loss.content'/,
    { 'm.ts': source("conflicts: ['loss.content']") },
  ],
  ['a name taken', 'NCN_PLUGIN_DUPLICATE', /'metrics'/, { 'm.ts': source("name: 'metrics'") }],
  [
    'a preset',
    'NCN_PLUGIN_SHAPE',
    /it is a preset/,
    {
      'm.ts':
        "import { definePreset } from 'ncn'; export default definePreset({ name: 'q', summary: '', plugins: [] });",
    },
  ],
  [
    'an unknown configuration key',
    'NCN_CONFIG_FILE',
    /did you mean 'plugins'/,
    { 'm.ts': source(), 'ncn.config.json': '{"plugin":[]}' },
  ],
  [
    'two configuration files',
    'NCN_CONFIG_FILE',
    /ncn\.config\.json beside it/,
    { 'm.ts': source(), 'ncn.config.json': '{}', 'ncn.config.ts': '' },
  ],
];

test.each(refused)('refused before anything runs: %s (%s)', async (_what, code, message, files) => {
  const folder = folderWith(files);
  const error = await failure(() => resolveIn(folder, { preset: 'dcnn_v1', plugins: ['./m'] }));
  expect(error.message).toMatch(message);
  expect(error.code).toBe(code);
});

test('an unknown hook is named, with the nearest', async () => {
  const folder = folderWith({ 'mine.ts': source('', 'hooks.losess.tap(() => {});') });
  const error = await failure(() => prepareTiny({ plugins: [join(folder, 'mine.ts')] }));
  expect(error.code).toBe('NCN_HOOK_UNKNOWN');
  expect(error.hint).toContain("'losses'");
});

test('a plugin of another copy of ncn is refused, with both copies', async () => {
  const loader = new PluginLoader(folderWith({ 'mine.ts': source() }));
  const { plugin } = await loader.load('./mine');
  const other = { version: '0.0.9', path: '/elsewhere' };
  const error = await failure(() => {
    checkPlugin({ ...plugin, host: other }, 'mine.ts');
  });
  expect(error.code).toBe('NCN_HOST_TWICE');
  expect(error.message).toContain('0.0.9 in /elsewhere');
});

test('an error in a contributed function names its plugin', async () => {
  const network = `hooks.networks.tap(({ add }) => add({ name: 'generator', inputs: { input: 'input', reference: 'reference' },
    forward() { throw new TypeError('boom'); } }));`;
  const folder = folderWith({ 'mine.ts': source("replaces: ['generator.resconvnet']", network) });
  const error = await failure(() => prepareTiny({ plugins: [join(folder, 'mine.ts')] }));
  expect(error.message).toBe("Plugin 'mine' failed in its network 'generator': boom");
});

test('a mistyped path gets the nearest name beside it, a plugin and a preset alike', async () => {
  const folder = folderWith({ 'edge-loss/index.ts': source(), 'other.ts': source() });
  const plugin = await failure(() =>
    resolveIn(folder, { preset: 'dcnn_v1', plugins: ['./edgeloss'] }),
  );
  expect(plugin.hint).toBe("Did you mean './edge-loss'?");
  const bare = await failure(() =>
    resolveIn(folder, { preset: 'dcnn_v1', plugins: ['edge-loss2'] }),
  );
  expect(bare.hint).toBe("Did you mean './edge-loss'?");
  const below = await failure(() =>
    resolveIn(folder, { preset: 'dcnn_v1', plugins: ['edge-loss/indx.ts'] }),
  );
  expect(below.hint).toBe("Did you mean 'edge-loss/index'?");
  const preset = await failure(() => resolveIn(folder, { preset: './othr' }));
  expect(preset.hint).toContain("Did you mean './other'?");
  const lost = await failure(() =>
    resolveIn(folder, { preset: 'dcnn_v1', plugins: ['./something-else'] }),
  );
  expect(lost.hint).toBe('Check the path.');
});

test('a value of a plugin that is not used: it says which plugin to add', async () => {
  const set = [['edge-loss.weight', 1, 'command line']] as const;
  const error = await failure(() => resolveIn(folderWith({}), { preset: 'dcnn_v1', set }));
  expect(error.code).toBe('NCN_CONFIG_UNKNOWN');
  expect(error.hint).toMatch(/^This experiment has no plugin 'edge-loss'.*--plugin/);
});
