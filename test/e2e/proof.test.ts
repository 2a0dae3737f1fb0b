import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const proof = resolve(import.meta.dirname, '../../dist/bench/proof');

/** The beginning of a campaign; `npm run proof:…` runs all of it. */
function beginning(campaign: string, count: number) {
  const args = ['--count', String(count), '--seconds', '60'];
  const { stdout, stderr } = spawnSync(process.execPath, [join(proof, `${campaign}.js`), ...args], {
    encoding: 'utf8',
  });
  expect(stdout, stderr).not.toBe('');
  return z.looseObject({ failures: z.array(z.unknown()) }).parse(JSON.parse(stdout));
}

test('what readers and parsers are given is read or refused, in time and memory', () => {
  const { failures, targets } = beginning('fuzz', 600);
  expect(failures).toEqual([]);
  expect(Object.keys(z.record(z.string(), z.unknown()).parse(targets))).toHaveLength(16);
}, 120_000);

test('what ncn watch is asked for is answered without a leak', () => {
  const { failures, requests } = beginning('watch', 300);
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThan(0);
}, 120_000);
