import { existsSync, readdirSync } from 'node:fs';
import * as modules from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { start, temporary } from './support.js';

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
