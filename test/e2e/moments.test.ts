import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { long } from '../support/long.js';
import { inHost } from './host.js';
import { fingerprint, ncn, start, temporary, tinyIdx, tinyRun, type Finished } from './support.js';

/**
 * A plugin that sends its own process a signal at a chosen moment, `STOP=hook:update:signal`, and
 * counts updates in a state that checkpoints carry. It takes part in the reference run too.
 */
const stopper = `
import { definePlugin, z } from 'ncn';
export default definePlugin({ name: 'stopper', version: '1.0.0', summary: 'stops itself', options: z.strictObject({}),
  setup({ hooks, persist }) {
    const [hook, at, signal] = (process.env.STOP ?? '::').split(':');
    let updates = 0;
    persist({ schema: z.int(), save: () => updates, restore: (n) => { updates = n; } });
    const stopAt = (name) => ({ update }) => {
      if (name !== hook || update !== Number(at)) return;
      // SIGKILL a few turns of the event loop later: in the middle of what the hook announced.
      const turns = (n) => n === 0 ? process.kill(process.pid, signal) : setImmediate(() => turns(n - 1));
      turns(signal === 'SIGKILL' && name === 'evaluationStart' ? 3 : 0);
    };
    hooks.updateEnd.tap(() => { updates++; });
    hooks.runEnd.tap(({ summary }) => summary.set('counted', updates));
    for (const name of ['phaseStart', 'updateStart', 'networkUpdateStart', 'networkUpdateEnd', 'updateEnd',
      'evaluationStart', 'evaluationEnd', 'checkpointSave', 'checkpointSaved', 'phaseEnd', 'trainingEnd', 'runEnd'])
      hooks[name].tap(stopAt(name));
  } });`;

/** One run is stopped at each of these in turn, and resumed. */
const moments = [
  'phaseStart:0',
  'updateStart:2',
  'updateEnd:3',
  'evaluationStart:3',
  'evaluationEnd:3',
  'checkpointSave:4',
  'checkpointSaved:4',
  'networkUpdateStart:6',
  'phaseEnd:8',
  'phaseStart:8',
  'networkUpdateEnd:10',
  'evaluationStart:12',
  'updateEnd:16',
  'trainingEnd:16',
  'evaluationStart:16',
  'evaluationEnd:16',
  'checkpointSave:16',
  'checkpointSaved:16',
  'runEnd:16',
];

const exits = { SIGINT: 130, SIGTERM: 143, SIGKILL: null } as const;

let data: string;
let plugin: string;
let expected: Record<string, string>;

const summaryOf = (run: string): Record<string, unknown> => {
  const text = readFileSync(join(run, 'summary.json'), 'utf8');
  const { time, ...summary } = JSON.parse(text) as Record<string, unknown>;
  expect(time).toBeDefined();
  return summary;
};
let summary: Record<string, unknown>;

beforeAll(async () => {
  data = tinyIdx();
  plugin = join(temporary(), 'stopper.ts');
  writeFileSync(plugin, stopper);
  const reference = join(temporary(), 'reference');
  const run = await ncn(tinyRun(data, reference, '--plugin', plugin));
  expect(run.code, run.stderr).toBe(0);
  expected = fingerprint(reference);
  summary = summaryOf(reference);
  expect(summary['results']).toMatchObject({ counted: 16 });
}, 300_000);

type Signal = keyof typeof exits;
// Each moment has one signal here, each signal at each moment in npm run test:long. SIGTERM takes the way of SIGINT,
// and is sent in resume.test.ts, too.
const rounds: Record<string, (moment: number) => Signal> = {
  'SIGINT or SIGKILL': (moment) => (moment % 2 === 0 ? 'SIGKILL' : 'SIGINT'),
  ...(long && { SIGINT: () => 'SIGINT', SIGTERM: () => 'SIGTERM', SIGKILL: () => 'SIGKILL' }),
};

test.each(Object.entries(rounds))(
  '%s at every hook, one after the other, changes nothing',
  async (_, signalAt) => {
    const run = join(temporary(), 'stopped');
    let last: Finished | undefined;
    for (const [i, moment] of moments.entries()) {
      const signal = signalAt(i);
      const args = last === undefined ? tinyRun(data, run, '--plugin', plugin) : ['resume', run];
      last = await start(args, { STOP: `${moment}:${signal}` }).finished;
      if (last.code === 0) continue; // A signal after the last safe point finds the run finished.
      expect(last.code, `${moment}: ${last.stderr}`).toBe(exits[signal]);
      if (signal !== 'SIGKILL') expect(last.stdout).toContain(`ncn resume ${run}`);
    }
    const end = await inHost(['resume', run]);
    expect(end.code, end.stderr).toBe(0);
    expect(fingerprint(run)).toEqual(expected);
    expect(summaryOf(run)).toEqual(summary);
  },
  300_000,
);

test('a second signal quits at once, and the run can still be resumed', async () => {
  const impatient = join(temporary(), 'impatient.ts');
  writeFileSync(
    impatient,
    stopper.replace(
      'hooks.updateEnd.tap(() => { updates++; });',
      `hooks.updateEnd.tap(async ({ update }) => {
        updates++;
        if (update !== 11 || process.env.TWICE === undefined) return;
        process.kill(process.pid, 'SIGINT');
        await new Promise((done) => setTimeout(done, 100));
        process.kill(process.pid, 'SIGINT');
        await new Promise((done) => setTimeout(done, 60_000));
      });`,
    ),
  );
  const run = join(temporary(), 'impatient');
  const twice = await start(tinyRun(data, run, '--plugin', impatient), { TWICE: '1' }).finished;
  expect(twice.code, twice.stderr).toBe(130);
  expect(twice.stderr).toContain('once more to quit at once');
  expect((await inHost(['resume', run])).code).toBe(0);
  expect(fingerprint(run)).toEqual(expected);
}, 300_000);
