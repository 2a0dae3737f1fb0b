import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readSafetensors } from '../../core/run/safetensors.js';
import { long } from '../support/long.js';
import { inHost } from './host.js';
import { contents, jsonLines, ncn, temporary, tinyIdx, tinyRun, type Finished } from './support.js';

let data: string;

beforeAll(() => {
  data = tinyIdx();
});

function expectRefused(result: Finished, code: number, ...texts: readonly RegExp[]): void {
  expect(result.code, result.stderr + result.stdout).toBe(code);
  for (const text of texts) expect(result.stderr).toMatch(text);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
}

const refusals: [args: string[], code: number, texts: RegExp[]][] = [
  [['--preset', 'conditonal_v5'], 2, [/conditonal_v5/, /'conditional_v5'/]],
  [['--preset', 'dcnn_v1', '--profile', 'quik'], 2, [/quik/, /'quick'/]],
  [['--preset', 'dcnn_v1', '--variant', 'script'], 2, [/no variant/, /none/]],
  [
    ['--preset', 'dcnn_v1', '--set', 'loss.contnt.weight=1'],
    2,
    [/loss\.contnt\.weight/, /'loss\.content\.weight'/],
  ],
  [
    ['--preset', 'dcnn_v1', '--set', 'loss.content.weight=heavy'],
    2,
    [/loss\.content\.weight/, /expected number.*or.*expected object/, /"heavy"/],
  ],
  [['--preset', 'dcnn_v1', '--set', 'nonsense'], 2, [/not of the form path=value/]],
  [['--preset', 'dcnn_v1', '--updates', 'abc'], 2, [/'abc'/]],
  [['--preset', 'dcnn_v1', '--updates', '0'], 2, [/updates/]],
  [['--preset', 'dcnn_v1', '--plugin', 'los.content'], 2, [/los\.content/, /'loss\.content'/]],
  [['--preset', 'dcnn_v1', '--plugin', './nowhere.ts'], 2, [/nowhere\.ts/]],
  [['--preset', 'dcnn_v1', '--dataset', 'glyph'], 2, [/glyph/, /'glyphs'/]],
  [['--preset', 'dcnn_v1', '--dataset', 'glyphs', '--engine', 'wsm'], 2, [/wsm/, /'wasm'/]],
  [['--preset', 'dcnn_v1', '--dataset', 'idx:/nowhere'], 3, [/nowhere/]],
  [['--preset', 'dcnn_v1', '--plugin', 'nonsense'], 2, [/Known: (?!.*discriminator\.network)/]],
  [['--prest', 'dcnn_v1'], 2, [/--preset/]],
  [['presest'], 2, [/no command 'presest'/, /'presets'/]],
  [['dcnn_v1'], 2, [/no command 'dcnn_v1'/, /--preset/]],
  [[], 2, [/preset/i]],
  [['resume', 'nothing-here'], 7, [/nothing-here/]],
  [['data', 'fetsh'], 2, [/fetsh/, /'fetch'/]],
  [['help', 'presest'], 2, [/no command 'presest'/, /'presets'/]],
  [
    ['--preset', 'dcnn_v1', '--dataset', 'glyphs', '--set', 'generator.resconvnet.width=100000'],
    2,
    [/'generator\/conv2\/kernel' of shape \[3, 3, 100000, 100000\]/, /narrower/],
  ],
  [
    ['--preset', 'dcnn_v1', '--dataset', 'glyphs', '--batch', '10000000'],
    5,
    [/not enough memory/, /--batch/],
  ],
];

/** A process of its own for each fifth here, and for all in `npm run test:long`. */
const apart = (i: number): boolean => long || i % 5 === 0;

test.each(refusals.map((row, i) => [...row, apart(i) ? ncn : inHost] as const))(
  '%j exits with %d and helps',
  async (args, code, texts, run) => {
    const cwd = temporary();
    expectRefused(await run(args, cwd), code, ...texts);
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  },
);

test('with --json, a wrong command line is an error line as well', async () => {
  const { code, stdout } = await inHost(['--json', '--prest', 'dcnn_v1'], temporary());
  expect(code).toBe(2);
  expect(jsonLines(stdout)).toEqual([
    expect.objectContaining({ type: 'error', code: 'NCN_USAGE_COMMAND', exit: 2 }),
  ]);
});

test('truncated data is refused before anything is written', async () => {
  const broken = tinyIdx();
  truncateSync(join(broken, 'train-images-idx3-ubyte'), 5000);
  const run = join(temporary(), 'run');
  expectRefused(await inHost(tinyRun(broken, run)), 3, /train-images-idx3-ubyte/);
  expect(existsSync(run)).toBe(false);
});

const plugin = (setup: string, name = 'mine'): string => `
import { definePlugin, tf, z } from 'ncn';
export default definePlugin({ name: '${name}', version: '1.0.0', summary: 'a test', options: z.strictObject({}),
  setup({ hooks }) { ${setup} } });`;

async function withPlugin(source: string, ...more: string[]): Promise<Finished & { run: string }> {
  const folder = temporary();
  const file = join(folder, 'mine.ts');
  writeFileSync(file, source);
  const run = join(folder, 'run');
  return { ...(await inHost(tinyRun(data, run, '--plugin', file, ...more))), run };
}

const early = [
  ['a syntax error', 'export default {{{', /did not load/],
  ['no default export', 'export const x = 1;', /is not a plugin/],
  ['throwing in setup', plugin("throw new Error('boom');"), /'mine' failed in hook 'setup': boom/],
  [
    'throwing in a build hook',
    plugin("hooks.losses.tap(() => { throw new Error('boom'); });"),
    /'mine' failed in hook 'losses': boom/,
  ],
  [
    'a second generator',
    plugin(
      "hooks.networks.tap(({ add }) => add({ name: 'generator', inputs: {}, forward: () => tf.zeros([1]) }));",
    ),
    /'mine'.*Two plugins provide the network 'generator'/,
  ],
  [
    'an unknown order',
    plugin("hooks.losses.tap(() => {}, { before: 'loss.contnt' });"),
    /before 'loss\.contnt'/,
  ],
  [
    'an unknown stage',
    plugin("hooks.losses.tap(() => {}, { stage: 'soon' });"),
    /unknown stage 'soon'/,
  ],
] as const;

test.each(early)('a plugin with %s stops everything before the run', async (_, source, text) => {
  const result = await withPlugin(source);
  expectRefused(result, 4, text);
  expect(existsSync(result.run)).toBe(false);
});

test('a plugin that hangs is named after its budget', async () => {
  const source = plugin('hooks.services.tap(() => new Promise(() => {}));');
  expectRefused(
    await withPlugin(source, '--hook-timeout', '1'),
    4,
    /'mine' did not finish hook 'services' within 1 s/,
  );
});

test('a loss of the wrong shape is named', async () => {
  const source = plugin(
    "hooks.losses.tap(({ add }) => add({ name: 'odd', network: 'generator', weight: () => 1, value: ({ output }) => output }));",
  );
  const result = await withPlugin(source, '--set', 'pretraining.updates=0');
  expectRefused(result, 4, /'odd' of 'generator' returned a tensor of shape \[/);
  expect(existsSync(result.run)).toBe(false);
});

const wrongShapes = [
  [
    'augmentation',
    'augmentation',
    `hooks.augmentation.tap(({ set }) => set({ name: 'odd', draws: {}, makes: ['input', 'reference', 'target'],
      takes: { target: { signal: 'image', sequence: 'a' }, reference: { signal: 'image', sequence: 'b' } },
      apply: ({ target, reference }, _, mode) => ({ input: mode === 'train' ? tf.concat([target, target], 1) : target, reference, target }) }));`,
    /'odd' makes 'input' of shape \[56, 28, 1\] in training/,
  ],
  [
    'augmentation without parts',
    'augmentation',
    "hooks.augmentation.tap(({ set }) => set({ name: 'odd', draws: {}, apply: (signals) => signals }));",
    /'odd' is not complete: 'takes'/,
  ],
  [
    'generator',
    'generator.resconvnet',
    `hooks.networks.tap(({ add }) => add({ name: 'generator', inputs: { input: 1, reference: 1 },
      forward: () => tf.zeros([2, 14, 14, 1]) }));`,
    /generator.*shape/,
  ],
] as const;

test.each(wrongShapes)('an odd %s is named, with the fault', async (_, replaced, source, text) => {
  const run = join(temporary(), 'run');
  const file = join(temporary(), 'mine.ts');
  writeFileSync(file, plugin(source));
  const args = ['run', '--preset', 'dcnn_v1', '--dataset', `idx:${data}`, '--engine', 'wasm'];
  const more = ['--run-dir', run, '--updates', '2', '--batch', '2'];
  const result = await inHost([...args, ...more, '--without', replaced, '--plugin', file]);
  expectRefused(result, 4, text);
  expect(existsSync(run)).toBe(false);
});

test('a plugin that throws while training leaves the run resumable', async () => {
  const source = plugin(
    "hooks.updateEnd.tap(({ update }) => { if (update === 7 && !process.env.FIXED) throw new Error('boom'); });",
  );
  const result = await withPlugin(source);
  expectRefused(result, 4, /'mine' failed in hook 'updateEnd': boom/);
  const status = JSON.parse(readFileSync(join(result.run, 'status.json'), 'utf8')) as {
    state: string;
  };
  expect(status.state).toBe('failed');
  process.env['FIXED'] = '1';
  const resumed = await inHost(['resume', result.run]);
  delete process.env['FIXED'];
  expect(resumed.code, resumed.stderr).toBe(0);
});

test('a TypeScript plugin given by path takes part, and shows in ncn hooks', async () => {
  const folder = temporary();
  writeFileSync(
    join(folder, 'mine.ts'),
    plugin('hooks.runEnd.tap(({ summary }) => summary.set("mine", 42));'),
  );
  const hooks = await inHost(
    ['hooks', '--preset', 'dcnn_v1', '--plugin', './mine.ts', '--json'],
    folder,
  );
  const listed = JSON.parse(hooks.stdout) as { hook: string; taps: { plugin: string }[] }[];
  expect(listed.find(({ hook }) => hook === 'runEnd')?.taps.map((t) => t.plugin)).toContain('mine');
  const run = join(folder, 'run');
  const result = await inHost(tinyRun(data, run, '--plugin', './mine.ts'), folder);
  expect(result.code, result.stderr).toBe(0);
  const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as {
    results: Record<string, unknown>;
  };
  expect(summary.results['mine']).toBe(42);
});

test('a run that diverges stops, says so, and can be replayed without a trace', async () => {
  const run = join(temporary(), 'run');
  const result = await inHost(tinyRun(data, run, '--set', 'optimizer.adam.learningRate=1e30'));
  expectRefused(result, 6, /diverged at update \d+/, /ncn replay .* --update \d+/);
  const record = JSON.parse(readFileSync(join(run, 'divergence.json'), 'utf8')) as {
    update: number;
    notFinite: object;
    batch: string;
    replay: { checkpoint: string | null; updates: number };
  };
  await expectDivergenceRecord(run, record);
  const before = contents(run);
  const printed = /ncn (replay .* --update \d+)/.exec(result.stderr)?.[1] ?? '';
  const replay = await inHost([...printed.split(' '), '--json']);
  expect(replay.code, replay.stderr).toBe(0);
  const { metrics } = JSON.parse(replay.stdout) as { metrics: Record<string, number | string> };
  expect(
    Object.entries(metrics)
      .filter(([, v]) => typeof v === 'string')
      .map(([name]) => name)
      .sort(),
  ).toEqual(Object.keys(record.notFinite).sort());
  expect(contents(run)).toEqual(before);
});

/** The batch is of training images, and the checkpoint named is the newest before the update. */
async function expectDivergenceRecord(
  run: string,
  record: { update: number; batch: string; replay: { checkpoint: string | null; updates: number } },
): Promise<void> {
  const { tensors } = await readSafetensors(join(run, record.batch));
  expect([...tensors.keys()]).toEqual(expect.arrayContaining(['0/reference', '0/target']));
  const pixels = readFileSync(join(data, 'train-images-idx3-ubyte')).subarray(16);
  for (const role of ['0/target', '0/reference']) {
    const tensor = tensors.get(role);
    expect(tensor?.shape).toEqual([2, 28, 28, 1]);
    for (const at of [0, 784]) {
      const image = Buffer.from(
        (tensor?.data.slice(at, at + 784) ?? []).map((v) => Math.round(v * 255)),
      );
      const index = pixels.indexOf(image);
      expect(index).toBeGreaterThanOrEqual(0);
      expect(index % 784).toBe(0);
    }
  }
  const saved = readdirSync(join(run, 'checkpoints')).map((name) => Number(name.slice(7)));
  const start = Math.max(0, ...saved.filter((update) => update < record.update));
  expect(record.replay.updates).toBe(record.update - start);
  const named = record.replay.checkpoint;
  expect(named === null ? 0 : Number(named.slice('checkpoints/update-'.length))).toBe(start);
}

test('an unwritable run directory is refused', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'file'), '');
  expectRefused(await inHost(tinyRun(data, join(folder, 'file', 'run'))), 7, /file/);
  expectRefused(await inHost(tinyRun(data, folder)), 7, /not empty|empty/);
});
