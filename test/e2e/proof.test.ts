import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { long } from '../support/long.js';

const proof = resolve(import.meta.dirname, '../../dist/bench/proof');

/** The beginning of a campaign; `npm run proof:…` runs all of it. */
function beginning(campaign: string, count: number, only?: string) {
  const some = only === undefined ? [] : ['--only', only];
  const args = ['--count', String(count), '--seconds', '60', ...some];
  const { stdout, stderr } = spawnSync(process.execPath, [join(proof, `${campaign}.js`), ...args], {
    encoding: 'utf8',
  });
  expect(stdout, stderr).not.toBe('');
  const said = z.looseObject({ failures: z.array(z.unknown()) }).parse(JSON.parse(stdout));
  expect(said.failures).toEqual([]);
  return said;
}

test('what readers and parsers are given is read or refused, in time and memory', () => {
  const { targets } = beginning('fuzz', 300);
  expect(Object.keys(z.record(z.string(), z.unknown()).parse(targets))).toHaveLength(17);
}, 120_000);

test('what ncn watch is asked for is answered without a leak', () => {
  expect(beginning('watch', 150)['requests']).toBeGreaterThan(0);
}, 120_000);

test('a run that is killed ends as one that nobody killed', () => {
  expect(beginning('crash', 1, 'cnn on compiled')['kills']).toBeGreaterThan(0);
}, 120_000);

test('a damaged file is told, refused, or makes no difference', () => {
  expect(beginning('corrupt', 2, 'finished run')['files']).toBeGreaterThanOrEqual(2);
}, 120_000);

test('what goes wrong around a run is told in one message, and the run goes on', () => {
  const some = ['permissions that go', 'moved while it runs', 'engine compiled'];
  const tried = long ? some : some.slice(0, 2);
  expect(beginning('faults', tried.length, tried.join())['tries']).toBe(tried.length);
}, 240_000);

test.skipIf(!long)(
  'a GPU that is lost is told, and the run goes on there and elsewhere',
  () => {
    const { tries, skipped } = beginning('faults', 2, 'GPU');
    const absent = Object.entries(z.record(z.string(), z.string()).parse(skipped));
    for (const [name, why] of absent) console.warn(`not tested: ${name}: ${why}`);
    // With one of both engines that one is tried twice.
    expect(tries).toBe(absent.length === 2 ? 0 : 2);
  },
  240_000,
);
