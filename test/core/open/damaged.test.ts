import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
