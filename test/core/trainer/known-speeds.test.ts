import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IdleSession } from '../../../bench/idle-session.js';
import type { ProgramOutputs } from '../../../core/engine/types.js';
import { KnownSpeeds } from '../../../core/trainer/estimate/known-speeds.js';

/** Counts what it is asked to run. */
class CountingSession extends IdleSession {
  runs = 0;
  override run(): Promise<ProgramOutputs> {
    this.runs++;
    return super.run();
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ncn-speeds-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const file = (): string => join(folder, 'cache', 'speeds.json');

async function measured(channels = 8, path = file()): Promise<{ speed: number; runs: number }> {
  const session = new CountingSession();
  return { speed: await new KnownSpeeds(path).of(session, channels), runs: session.runs };
}

test('a speed is measured once, for each width, and is the same then', async () => {
  const first = await measured();
  expect(first.runs).toBeGreaterThan(0);
  expect(await measured()).toEqual({ speed: first.speed, runs: 0 });
  expect((await measured(16)).runs).toBeGreaterThan(0);
  // Both are kept.
  expect(await measured()).toEqual({ speed: first.speed, runs: 0 });
});

test('one that is asked for anew is measured, and known from then on', async () => {
  await measured();
  const session = new CountingSession();
  const speed = await new KnownSpeeds(file()).anew(session, 8);
  expect(session.runs).toBeGreaterThan(0);
  expect(await measured()).toEqual({ speed, runs: 0 });
});

test('an old one is measured again, and one from the future', async () => {
  await measured();
  const text = await readFile(file(), 'utf8');
  for (const when of ['2020-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z']) {
    await writeFile(file(), text.replace(/"measured": ".*"/, `"measured": "${when}"`));
    expect((await measured()).runs).toBeGreaterThan(0);
    expect((await measured()).runs).toBe(0);
  }
});

test('another engine, or another version of it, is another speed', async () => {
  await measured();
  const session = new CountingSession();
  const other = Object.assign(session, { engine: { ...session.engine, version: '2' } });
  await new KnownSpeeds(file()).of(other, 8);
  expect(session.runs).toBeGreaterThan(0);
});

test.each(['', '{', '[]', '{"speeds": {"x": {"speed": -1}}}', '\0'])(
  'a damaged file (%j) counts as none, and is replaced',
  async (content) => {
    await measured();
    await writeFile(file(), content);
    expect((await measured()).runs).toBeGreaterThan(0);
    expect((await measured()).runs).toBe(0);
  },
);

test('a cache that cannot be written is no error', async () => {
  const blocked = join(folder, 'file');
  await writeFile(blocked, '');
  const path = join(blocked, 'speeds.json');
  expect((await measured(8, path)).runs).toBeGreaterThan(0);
  expect((await measured(8, path)).runs).toBeGreaterThan(0);
});

test('two processes at once leave a sound file and nothing else', async () => {
  await Promise.all([8, 16, 24, 32].map((channels) => measured(channels)));
  expect(await readdir(join(folder, 'cache'))).toEqual(['speeds.json']);
  expect(JSON.parse(await readFile(file(), 'utf8'))).toHaveProperty('speeds');
});
