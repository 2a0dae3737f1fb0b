import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openEngine } from '../../engines/registry.js';
import { Lifecycle } from '../../core/hooks/lifecycle.js';
import { CheckpointStore } from '../../core/run/checkpoints.js';
import { RunDirectory } from '../../core/run/directory.js';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import { unchangedFrom } from '../../core/trainer/loop/continuation.js';
import { continueRun, startRun } from '../../core/trainer/loop/execute.js';
import { prepareTiny } from '../support/tiny.js';

const folder = fileURLToPath(new URL('../../examples/hooks/', import.meta.url));
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const stopper = fileURLToPath(new URL('stopper.ts', import.meta.url));
const specs = [...names.map((name) => join(folder, `${name}.ts`)), stopper];

const terminal = new Terminal('quiet');
const host = { terminal, log: createLog(terminal) };

const prepare = (at: number, how = 'signal') =>
  prepareTiny(
    'tiny-gan',
    {
      updates: 2,
      'example.phases.updates': 2,
      'stopper.at': at,
      'stopper.how': how,
      'evaluation.examples': 4,
    },
    specs,
  );

const newDirectory = () => RunDirectory.createAt(join(mkdtempSync(join(tmpdir(), 'ncn-')), 'run'));

test('there is an example for every hook', () => {
  expect(names.sort()).toEqual(new Lifecycle().all.map(({ name }) => name).sort());
});

test('the examples of all hooks run together: interrupted, resumed to the end, and broken', async () => {
  const directory = await newDirectory();
  const first = await prepare(2);
  let session = await openEngine('cpu');
  const { outcome } = await startRun(first, session, directory, host, {
    handleSignals: true,
  });
  await session.close();
  expect(outcome).toEqual({ kind: 'interrupted', signal: 'SIGINT' });

  const second = await prepare(0);
  session = await openEngine('cpu');
  const checkpoint = await new CheckpointStore(directory.checkpoints).latestValid((m) => {
    throw new Error(m);
  });
  const resumed = await continueRun(second, session, directory, host, unchangedFrom(checkpoint));
  await session.close();
  if (resumed.outcome.kind !== 'finished') throw new Error('interrupted again');
  const { summary } = resumed.outcome;
  // The service that one example provides carried what the second reports to the third.
  expect(summary.get('best/content')).toBeGreaterThan(0);
  expect(summary.get('test/brightness')).toBeGreaterThan(0);
  expect(summary.get('easy/brightness')).toBeGreaterThan(0);
  expect(
    second.built.media.of([3])?.draw({ shape: [3], data: Float32Array.of(0, 0.5, 1) }),
  ).toMatchObject({ width: 12, height: 32 });
  const newest: unknown = JSON.parse(readFileSync(join(directory.path, 'newest.json'), 'utf8'));
  expect(newest).toHaveProperty('contentHash');

  const broken = await newDirectory();
  const third = await prepare(1, 'error');
  session = await openEngine('cpu');
  await expect(startRun(third, session, broken, host)).rejects.toThrow('stopped by a test');
  await session.close();
  expect(readFileSync(join(broken.path, 'failure.txt'), 'utf8')).toContain('stopped by a test');
  expect(existsSync(join(directory.path, 'failure.txt'))).toBe(false);

  const ran = new Set(
    [first, second, third].flatMap(({ lifecycle }) => [...lifecycle.settings.account.keys()]),
  );
  const unused = names.filter((name) => !ran.has(`example.${name.toLowerCase()}`));
  expect(unused).toEqual([]);
});
