import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  definePlugin,
  definePreset,
  NcnError,
  openExperiment,
  openRun,
  use,
  z,
  type EngineProvider,
  type Experiment,
  type InferInputs,
} from '../../../core/index.js';
import { tinyData } from '../../../lab/testing/base.js';
import { newest, plain, runFolder, tiny } from './support.js';

const directory = runFolder();
let trained: Experiment;

beforeAll(async () => {
  trained = await openExperiment(tiny, plain);
  await trained.train({ directory });
});

afterAll(() => trained.close());

/** What a promise is rejected with. */
async function refusalOf(work: PromiseLike<unknown>): Promise<NcnError> {
  const error = await Promise.resolve(work).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error instanceof NcnError) return error;
  throw new Error(`an NcnError was expected, not ${String(error)}`);
}

test.each([
  [() => openExperiment('dcnn_v11'), 'NCN_PRESET_UNKNOWN', /no preset 'dcnn_v11'/, /'dcnn_v1'/],
  [() => openExperiment('dcnn_v1', { profile: 'quik' }), 'NCN_PROFILE_UNKNOWN', /quik/, /'quick'/],
  [
    () => openExperiment('dcnn_v1', { set: { 'loss.contnt.weight': 1 } }),
    'NCN_CONFIG_UNKNOWN',
    /'loss\.contnt\.weight' \(from options\)/,
    /'loss\.content\.weight'/,
  ],
  [
    () => openExperiment('dcnn_v1', { updates: 0 }),
    'NCN_CONFIG_VALUE',
    /'updates' \(from options\)/,
    /config/,
  ],
  [
    () => openExperiment('dcnn_v1', { plugins: ['los.content'] }),
    'NCN_PLUGIN_NOT_FOUND',
    /los/,
    /loss/,
  ],
  [
    () =>
      openExperiment({
        plugins: [{ plugin: 'loss.content', options: { wieght: 1 } }],
        updates: 1,
        batch: 1,
      }),
    'NCN_CONFIG_UNKNOWN',
    /'loss\.content\.wieght' \(from preset experiment\)/,
    /weight/,
  ],
  [
    () => openExperiment({ plugins: [], updates: 1.5, batch: 1 }),
    'NCN_PRESET_SHAPE',
    /The definition is not a preset: 'updates'/,
    /definePreset/,
  ],
  [() => openRun(join(tmpdir(), 'ncn-nowhere')), 'NCN_RUN_NOT_FOUND', /no run 'ncn-nowhere'/, /./],
] as const)('%# is refused as on the command line', async (opening, code, message, hint) => {
  const error = await refusalOf(opening());
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test('an engine that there is not is named when it is first needed, before a run exists', async () => {
  const experiment = await openExperiment(tiny, { engine: 'wsm' });
  const path = runFolder();
  expect(await refusalOf(experiment.plan())).toMatchObject({ code: 'NCN_ENGINE_UNKNOWN' });
  const error = await refusalOf(experiment.train({ directory: path }));
  expect([error.code, error.hint]).toEqual(['NCN_ENGINE_UNKNOWN', "Did you mean 'wasm'?"]);
  expect(existsSync(path)).toBe(false);
  await experiment.close();
});

const numbers = (count: number): Float32Array => new Float32Array(count).fill(0.5);
const one = numbers(784);

test.each<[InferInputs, string, RegExp]>([
  [
    { input: one, refrence: one },
    'NCN_INPUT_UNKNOWN',
    /no input 'refrence'; it takes 'input', 'reference'/,
  ],
  [
    { input: one },
    'NCN_INPUT_MISSING',
    /The input 'reference' of the network 'generator' is missing/,
  ],
  [{}, 'NCN_INPUT_MISSING', /The inputs 'input', 'reference' .* are missing/],
  [
    { input: one, reference: numbers(785) },
    'NCN_INPUT_SIZE',
    /'reference' .* an array of 785 numbers; .*\[28, 28, 1\]/,
  ],
  [{ input: one, reference: numbers(0) }, 'NCN_INPUT_SIZE', /an array of 0 numbers/],
  [
    { input: one, reference: { shape: [28, 28], data: one } },
    'NCN_INPUT_SIZE',
    /a tensor \[28, 28\] of 784 numbers/,
  ],
  [
    { input: one, reference: { shape: [2, 28, 28, 1], data: one } },
    'NCN_INPUT_SIZE',
    /a tensor \[2, 28, 28, 1\] of 784 numbers/,
  ],
  [
    { input: one, reference: numbers(2 * 784) },
    'NCN_INPUT_COUNT',
    /'input' is one example, 'reference' is a batch of 2/,
  ],
])('inputs that do not fit are refused (%#)', async (inputs, code, message) => {
  const error = await refusalOf(trained.infer(inputs));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  // And the next one is answered.
  expect((await trained.infer({ input: one, reference: one })).shape).toEqual([28, 28, 1]);
});

test('before there is a run, what needs one says so', async () => {
  const experiment = await openExperiment(tiny, plain);
  const refusals = [
    experiment.evaluate(),
    experiment.infer({}),
    experiment.replay(1),
    experiment.manifest(),
    experiment.resume(),
  ].map(refusalOf);
  for (const { code } of await Promise.all(refusals)) expect(code).toBe('NCN_OPEN_NO_RUN');
  await experiment.close();
});

test('while it is trained it does nothing else; closed, nothing at all', async () => {
  const experiment = await openExperiment(tiny, plain);
  const refused: string[] = [];
  for await (const event of experiment.train({ directory: runFolder() })) {
    if (event.type !== 'update') continue;
    const asked = [experiment.evaluate(), experiment.train(), experiment.plan()];
    for (const { code } of await Promise.all(asked.map(refusalOf))) refused.push(code);
    break;
  }
  expect(refused).toEqual(['NCN_OPEN_BUSY', 'NCN_OPEN_BUSY', 'NCN_OPEN_BUSY']);
  await experiment.close();
  await experiment.close();
  const asked = [experiment.resume(), experiment.evaluate(), experiment.plan()];
  for (const { code } of await Promise.all(asked.map(refusalOf))) {
    expect(code).toBe('NCN_OPEN_CLOSED');
  }
});

test('a run goes on as it began, unless the caller accepts changes', async () => {
  const stop = new AbortController();
  const path = runFolder();
  const began = await openExperiment(tiny, plain);
  const onUpdate = (): void => stop.abort();
  await began.train({ directory: path, signal: stop.signal, onUpdate });
  await began.close();
  const options = { plugins: [tinyData], set: { 'loss.content.weight': 2 } };
  const changed = await openRun(path, options);
  const error = await refusalOf(changed.resume());
  expect(error.code).toBe('NCN_RESUME_CHANGED');
  expect(`${error.message} ${error.hint ?? ''}`).toContain('loss.content.weight: 1 → 2');
  expect((await refusalOf(changed.replay(1))).code).toBe('NCN_RESUME_CHANGED');
  // To look at it changes nothing.
  expect((await changed.evaluate()).about.update).toBe(1);
  await changed.close();
  const accepted = await openRun(path, { ...options, acceptChanges: true });
  expect((await accepted.resume()).outcome).toBe('finished');
  await accepted.close();
});

test('a run that is in use is refused', async () => {
  const experiment = await openExperiment(tiny, plain);
  const path = runFolder();
  for await (const event of experiment.train({ directory: path })) {
    if (event.type !== 'checkpoint') continue;
    const other = await openRun(path, { plugins: [tinyData] });
    expect((await refusalOf(other.resume())).code).toBe('NCN_RUN_IN_USE');
    // Its newest checkpoint can be used all the same.
    expect((await other.evaluate()).about.update).toBe(2);
    await other.close();
    break;
  }
  await experiment.close();
});

test('what a listener throws ends the run, which can be resumed', async () => {
  const experiment = await openExperiment(tiny, plain);
  const path = runFolder();
  const onUpdate = ({ update }: { update: number }): void => {
    if (update === 3) throw new RangeError('enough');
  };
  await expect(experiment.train({ directory: path, onUpdate })).rejects.toThrow(RangeError);
  const events = async (): Promise<void> => {
    for await (const event of experiment.resume({ onUpdate })) expect(event.type).not.toBe('end');
  };
  await expect(events()).rejects.toThrow('enough');
  expect((await experiment.resume()).outcome).toBe('finished');
  expect((await newest(path)).contentHash).toBe((await newest(directory)).contentHash);
  await experiment.close();
});

test('a preset can be named, an object, a file, or put together on the spot', async () => {
  const written = {
    name: 'mine',
    summary: 'a test',
    extends: 'dcnn_v1',
    updates: 7,
    plugins: [use('loss.content', { weight: 3 })],
  };
  const file = join(mkdtempSync(join(tmpdir(), 'ncn-open-')), 'mine.json');
  writeFileSync(file, JSON.stringify(written));
  const marker = definePlugin({
    name: 'marker',
    version: '1.0.0',
    summary: 'a test',
    options: z.strictObject({ size: z.number().default(1) }),
    setup: () => undefined,
  });
  const definition = {
    updates: 7,
    batch: 1,
    plugins: [
      'augmentation',
      use('loss.content', { weight: 3 }),
      { plugin: marker, options: { size: 2 } },
    ],
  };
  for (const source of [definePreset(written), file, definition]) {
    const { values } = await openExperiment(source);
    const of = (path: string) => values.find((value) => value.path === path)?.value;
    expect([of('updates'), of('loss.content.weight')]).toEqual([7, 3]);
    if (source === definition) expect(of('marker.size')).toBe(2);
  }
  const { values } = await openExperiment('dcnn_v1', { seed: 4 });
  expect(values.find(({ path }) => path === 'seed')).toMatchObject({ value: 4, origin: 'options' });
});

test('an engine of one’s own, and an open session, which stays open', async () => {
  const { engines } = await import('../../../engines/registry.js');
  const wasm = engines.find(({ name }) => name === 'wasm');
  if (wasm === undefined) throw new Error('there is no wasm');
  let opened = 0;
  const mine: EngineProvider = {
    ...wasm,
    name: 'mine',
    open: (options) => {
      opened++;
      return wasm.open(options);
    },
  };
  const path = runFolder();
  const experiment = await openExperiment(tiny, { engine: mine, threads: 1 });
  await experiment.train({ directory: path });
  await experiment.close();
  expect(opened).toBe(1);
  expect((await newest(path)).tensors).toEqual((await newest(directory)).tensors);
  const run = await openRun(path, { engine: mine, plugins: [tinyData] });
  expect((await run.resume()).outcome).toBe('finished');
  await run.close();
  const session = await wasm.open({});
  const other = await openExperiment(tiny, { engine: session });
  await other.train({ directory: runFolder() });
  await other.close();
  expect((await session.read()).size).toBeGreaterThan(0);
  await session.close();
});
