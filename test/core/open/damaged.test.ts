import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openExperiment, openRun, type LogLine } from '../../../core/index.js';
import { RunDirectory } from '../../../core/run/directory.js';
import { parseJson } from '../../../core/run/json.js';
import { isPublished } from '../../../lab/sweep/ownership.js';
import { runState } from '../../../lab/sweep/run-state.js';
import { damages } from '../../support/damage.js';
import { logOf, plain, runFolder, tiny } from './support.js';

const finished = runFolder();
beforeAll(async () => {
  const experiment = await openExperiment(tiny, plain);
  await experiment.train({ directory: finished });
  await experiment.close();
});

const plugins = tiny.plugins.filter(
  (plugin) => typeof plugin === 'object' && 'ncnPlugin' in plugin,
);

const resultsOf = (run: string): unknown => {
  const summary = parseJson(readFileSync(join(run, 'summary.json'), 'utf8'));
  return summary instanceof Object ? Reflect.get(summary, 'results') : undefined;
};

const stateOf = (run: string): Buffer =>
  readFileSync(join(run, 'checkpoints/update-000000006/state.safetensors'));

const cases = ['status.json', 'summary.json'].flatMap((file) =>
  Object.keys(damages)
    // Without a status a run was never started; that is no damage.
    .filter((damage) => file !== 'status.json' || damage !== 'gone')
    .map((damage) => [file, damage] as const),
);

test.each(cases)(
  'the %s of a finished run that is damaged (%s) is told once and written again by a resume',
  async (name, damage) => {
    const run = runFolder();
    cpSync(finished, run, { recursive: true });
    damages[damage]?.(join(run, name));
    // A sweep counts it as one to go on with, on this machine and elsewhere.
    expect(await runState(run)).toEqual({ kind: 'begun', message: null });
    expect(await isPublished(join(run, '..'), 'run')).toBe(false);

    const lines: LogLine[] = [];
    const again = await openRun(run, { plugins, onLog: (line) => lines.push(line) });
    const { outcome } = await again.resume();
    await again.close();
    expect(outcome).toBe('finished');
    expect(lines.filter(({ message }) => message.includes(name))).toHaveLength(1);
    expect(logOf(run)).toBe(logOf(finished));
    expect(stateOf(run).equals(stateOf(finished))).toBe(true);
    expect(resultsOf(run)).toEqual(resultsOf(finished));
    expect((await (await RunDirectory.open(run)).readStatus())?.state).toBe('finished');
    expect(await runState(run)).toEqual({ kind: 'finished' });
  },
);

/** One bit of a byte of a file. */
const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
};
const last = 'checkpoints/update-000000006';

test.each(['metrics.jsonl', `${last}/state.safetensors`, `${last}/checkpoint.json`])(
  'a changed bit in %s of a finished run is told by a resume that has nothing to do',
  async (name) => {
    const run = runFolder();
    cpSync(finished, run, { recursive: true });
    const size = statSync(join(run, name)).size;
    for (const at of [40, Math.floor(size / 4), Math.floor(size / 2)]) {
      cpSync(join(finished, name), join(run, name));
      const said = async (): Promise<string[]> => {
        const lines: LogLine[] = [];
        const again = await openRun(run, { plugins, onLog: (line) => lines.push(line) });
        expect((await again.resume()).outcome).toBe('finished');
        await again.close();
        return lines.map(({ message }) => message);
      };
      expect(await said()).toEqual([]);
      flip(join(run, name), at);
      expect(await said()).toEqual([expect.stringContaining(basename(name))]);
    }
  },
);

test('a digit of the results of a finished run that is changed is told, and they are written again', async () => {
  const run = runFolder();
  cpSync(finished, run, { recursive: true });
  const file = join(run, 'summary.json');
  const text = readFileSync(file, 'utf8');
  const at = text.search(/"fixed\/content": 0\.\d/);
  expect(at).toBeGreaterThan(0);
  flip(file, text.indexOf('0.', at) + 3);
  expect(resultsOf(run)).not.toEqual(resultsOf(finished));
  const lines: LogLine[] = [];
  const again = await openRun(run, { plugins, onLog: (line) => lines.push(line) });
  await again.resume();
  await again.close();
  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringMatching(/summary\.json.*they do not match its SHA-256.*written anew/s),
  ]);
  expect(readFileSync(file, 'utf8').replace(/"time".*?\}/s, '')).toBe(
    text.replace(/"time".*?\}/s, ''),
  );
});

test('pictures of examples that are lost are drawn again by a resume, but for outputs of before', async () => {
  const run = runFolder();
  const halt = new AbortController();
  const shown = { ...tiny, plugins: [...tiny.plugins, 'image.medium', 'samples'] };
  const experiment = await openExperiment(shown, plain);
  await experiment.train({
    directory: run,
    signal: halt.signal,
    onUpdate: ({ update }) => update === 4 && halt.abort(),
  });
  await experiment.close();
  const place = join(run, 'samples/fixed');
  const before = new Map(readdirSync(place).map((name) => [name, readFileSync(join(place, name))]));
  expect([...before.keys()].sort()).toEqual(
    expect.arrayContaining(['input.png', 'output-000000000.png', 'output-000000003.png']),
  );
  rmSync(place, { recursive: true });
  const again = await openRun(run, { plugins });
  await again.resume();
  await again.close();
  const after = new Map(readdirSync(place).map((name) => [name, readFileSync(join(place, name))]));
  const outputs = [...after.keys()].filter((name) => name.startsWith('output-'));
  // Their networks are gone: nobody can say what these showed.
  expect(outputs).toEqual(['output-000000006.png']);
  const given = [...before.keys()].filter((name) => !name.startsWith('output-'));
  expect([...after.keys()].sort()).toEqual([...given, ...outputs].sort());
  for (const name of given)
    expect(after.get(name)?.equals(before.get(name) ?? Buffer.of())).toBe(true);
});
