import { existsSync, readdirSync } from 'node:fs';
import * as modules from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprint, start, temporary, tinyIdx, tinyRun } from './support.js';

const entries = (path: string): string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];

test('compiled code is kept in the cache where this Node can, not elsewhere, and can be forbidden', async () => {
  const can = 'enableCompileCache' in modules;
  const home = temporary();
  const cache = join(home, 'cache');
  const under = { HOME: home, XDG_CACHE_HOME: cache, TMPDIR: home };
  const forbidden = await start(['presets'], { ...under, NODE_DISABLE_COMPILE_CACHE: '1' })
    .finished;
  expect(forbidden.code, forbidden.stderr).toBe(0);
  expect(entries(home).filter((name) => name.includes('code'))).toEqual([]);
  for (let i = 0; i < 2; i++) {
    const { code, stdout, stderr } = await start(['presets'], under).finished;
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(forbidden.stdout);
    expect(stderr).toBe('');
  }
  expect(entries(join(cache, 'ncn/code')).length > 1).toBe(can);
  expect(entries(home).filter((name) => name.includes('node-compile-cache'))).toEqual([]);
});

test('what an engine makes of programs is kept in the cache, changes nothing, and can be forbidden', async () => {
  const data = tinyIdx();
  const home = temporary();
  const cache = join(home, 'cache');
  const under = { HOME: home, XDG_CACHE_HOME: cache };
  const made = async (env: Record<string, string>): Promise<Record<string, string>> => {
    const run = join(temporary(), 'run');
    const args = tinyRun(data, run, '--engine', 'compiled');
    const { code, stderr } = await start(args, { ...under, ...env }).finished;
    expect(code, stderr).toBe(0);
    return fingerprint(run);
  };
  const without = await made({ NCN_PROGRAM_CACHE: '0' });
  expect(entries(join(cache, 'ncn/programs'))).toEqual([]);
  expect(await made({})).toEqual(without);
  const kept = entries(join(cache, 'ncn/programs'));
  // Two phases, and an evaluation.
  expect(kept.length).toBeGreaterThanOrEqual(3);
  expect(await made({})).toEqual(without);
  expect(entries(join(cache, 'ncn/programs')).sort()).toEqual(kept.sort());
}, 120_000);
