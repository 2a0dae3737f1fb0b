import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CheckpointStore, type Checkpoint } from '../../../core/run/checkpoints.js';
import { contentHash } from '../../../core/run/content-hash.js';
import { long } from '../../support/long.js';
import { refusal, scratch, seeded, startChild } from './helpers.js';
import { mountTmpfs } from './mounts.js';
import { stateAt } from './states.js';

const root = await scratch();
const now = (): Date => new Date('2026-01-02T03:04:05.678Z');
const silent = (message: string): never => {
  throw new Error(`unexpected report: ${message}`);
};

async function storeWith(
  name: string,
  updates: readonly number[],
  options: { keepLast?: number } = {},
): Promise<CheckpointStore> {
  const store = new CheckpointStore(join(root, name), { now, ...options });
  for (const update of updates) await store.save(stateAt(update));
  return store;
}

function expectState(checkpoint: Checkpoint, update: number): void {
  const expected = stateAt(update);
  expect(checkpoint.update).toBe(update);
  expect(checkpoint.position).toStrictEqual(expected.position);
  expect(checkpoint.plugins).toStrictEqual(expected.plugins);
  // The hash covers every bit of the tensors.
  expect(contentHash(checkpoint)).toBe(contentHash(expected));
  expect([...checkpoint.tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort());
}

describe('a sound store', () => {
  test('gives back what was saved, and lists it without reading tensors', async () => {
    const store = await storeWith('sound', [1000, 2000]);
    const [newest, older] = await store.list(silent);
    expect(newest).toMatchObject({
      update: 2000,
      time: '2026-01-02T03:04:05.678Z',
      keep: false,
      contentHash: contentHash(stateAt(2000)),
      path: join(root, 'sound', 'update-000002000'),
    });
    expect(newest?.bytes).toBeGreaterThan(120_000);
    if (older === undefined) throw new Error('missing');
    expectState(await store.load(older), 1000);
    expectState(await store.latestValid(silent), 2000);
  });

  test('a content hash does not depend on time or on the order of tensors and keys', async () => {
    const state = stateAt(5);
    const other = new CheckpointStore(join(root, 'later'), { now: () => new Date(0) });
    const saved = await other.save({
      ...state,
      position: { update: 5, log: 500, phase: 'adversarial' },
      tensors: new Map([...state.tensors].reverse()),
    });
    expect(saved.contentHash).toBe(contentHash(state));
    const tensors = new Map(state.tensors).set('adam/step', {
      shape: [1],
      data: Float32Array.of(5),
    });
    expect(contentHash({ ...state, tensors })).not.toBe(saved.contentHash);
  });

  test('the same update saved again replaces the first', async () => {
    const store = await storeWith('again', [7]);
    await store.save({ ...stateAt(8), update: 7 });
    expect(await store.list(silent)).toHaveLength(1);
    expect((await store.latestValid(silent)).position).toStrictEqual(stateAt(8).position);
    expect(await readdir(store.directory)).toEqual(['update-000000007']);
  });

  test('keeps the last few, the marked ones, and always the one just saved', async () => {
    const store = new CheckpointStore(join(root, 'retention'), { keepLast: 2 });
    for (const update of [1, 2, 3, 4, 5]) {
      await store.save({ ...stateAt(update), keep: update === 2 });
    }
    const updates = async (): Promise<number[]> => (await store.list(silent)).map((e) => e.update);
    expect(await updates()).toEqual([5, 4, 2]);
    await store.save(stateAt(3));
    expect(await updates()).toEqual([5, 4, 3, 2]);
    expect(await store.discardAfter(3)).toHaveLength(2);
    expect(await updates()).toEqual([3, 2]);
  });

  test('a state that cannot be saved changes nothing', async () => {
    const store = await storeWith('refused', [1]);
    const error = await refusal(() =>
      store.save({ ...stateAt(2), plugins: { ema: { decay: NaN } } }),
    );
    expect(error.message).toContain("'plugins.ema.decay' is NaN");
    const tensors = new Map([['a', { shape: [2], data: new Float32Array(1) }]]);
    await refusal(() => store.save({ ...stateAt(1), tensors }));
    expectState(await store.latestValid(silent), 1);
    expect(await readdir(store.directory)).toEqual(['update-000000001']);
  });

  test('an empty or missing folder has no checkpoint, and says so', async () => {
    const store = new CheckpointStore(join(root, 'none'));
    expect(await store.list(silent)).toEqual([]);
    const error = await refusal(() => store.latestValid(silent));
    expect(error).toMatchObject({ code: 'NCN_RUN_NO_CHECKPOINT', exit: 7 });
    const orphan = new CheckpointStore(join(root, 'no-such-run', 'checkpoints'));
    expect((await refusal(() => orphan.save(stateAt(1)))).code).toBe('NCN_RUN_MISSING');
  });
});

describe('damage', () => {
  type Damage = (path: string) => Promise<void>;
  const flip =
    (file: string, at: number): Damage =>
    async (path) => {
      const bytes = await readFile(join(path, file));
      const i = Math.floor(at * bytes.length);
      bytes[i] = (bytes[i] ?? 0) ^ 4;
      await writeFile(join(path, file), bytes);
    };
  const cases: [string, Damage, string][] = [
    ['a bit of the data', flip('state.safetensors', 0.7), 'state.safetensors: its SHA-256 is'],
    ['a bit of the length', flip('state.safetensors', 0), 'state.safetensors: its structure'],
    [
      'a truncated state',
      (path) => truncate(join(path, 'state.safetensors'), 1000),
      'state.safetensors: it has 1000 bytes instead of',
    ],
    ['no state', (path) => rm(join(path, 'state.safetensors')), 'state.safetensors: it is missing'],
    ['no index', (path) => rm(join(path, 'checkpoint.json')), 'checkpoint.json: it is missing'],
    ['an empty index', (path) => truncate(join(path, 'checkpoint.json'), 0), 'it is empty'],
    ['a torn index', (path) => truncate(join(path, 'checkpoint.json'), 99), 'it is not JSON'],
    [
      'an index of zeros',
      (path) => writeFile(join(path, 'checkpoint.json'), Buffer.alloc(300)),
      'it is not JSON',
    ],
    [
      'a changed position',
      async (path) => {
        const text = await readFile(join(path, 'checkpoint.json'), 'utf8');
        await writeFile(join(path, 'checkpoint.json'), text.replace('"log":200', '"log":300'));
      },
      'checkpoint.json: its content hash does not match',
    ],
    [
      'the content of another update',
      async (path) => {
        await rm(path, { recursive: true });
        await rename(path.replace(/2$/, '3'), path);
      },
      'checkpoint.json: it is of update 3',
    ],
  ];

  test.each(cases)('%s: announced, and the one before is used', async (name, damage, message) => {
    const store = await storeWith(`damage ${name}`, [1, 2, 3]);
    const path = join(store.directory, 'update-000000002');
    await damage(path);
    await rm(join(store.directory, 'update-000000003'), { recursive: true, force: true });
    const reports: string[] = [];
    expectState(await store.latestValid((report) => reports.push(report)), 1);
    expect(reports).toHaveLength(2);
    expect(reports[0]).toContain(`Checkpoint ${path} is damaged: `);
    expect(reports[0]).toContain(message);
    expect(reports[1]).toContain('update-000000001');

    const error = await refusal(() => store.load({ path, update: 2 }));
    expect(error.code).toBe('NCN_RUN_CHECKPOINT_CORRUPT');
  });

  test('any flipped bit either is noticed or touches nothing of the state', async () => {
    const store = await storeWith('fuzz', [1]);
    const random = seeded(1);
    const path = join(store.directory, 'update-000000001');
    for (let i = 0; i < 120; i++) {
      const file = join(path, i % 3 === 0 ? 'state.safetensors' : 'checkpoint.json');
      const sound = await readFile(file);
      const bytes = Buffer.from(sound);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      await writeFile(file, bytes);
      try {
        expectState(await store.load({ path, update: 1 }), 1);
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/NCN_RUN_CHECKPOINT_(CORRUPT|FORMAT)/) as string,
        });
      }
      await writeFile(file, sound);
    }
  });

  test('with none left, the error tells of each', async () => {
    const store = await storeWith('all damaged', [1, 2]);
    for (const name of await readdir(store.directory)) {
      await truncate(join(store.directory, name, 'state.safetensors'), 10);
    }
    const error = await refusal(() => store.latestValid(() => undefined));
    expect(error.code).toBe('NCN_RUN_NO_CHECKPOINT');
    expect(error.message).toMatch(/update-000000002 is damaged.*update-000000001 is damaged/);
  });

  test('a newer format is no damage: nothing older is used in its place', async () => {
    const store = await storeWith('newer', [1, 2]);
    const index = join(store.directory, 'update-000000002', 'checkpoint.json');
    await writeFile(index, (await readFile(index, 'utf8')).replace('"format":1', '"format":2'));
    const error = await refusal(() => store.latestValid(silent));
    expect(error.code).toBe('NCN_RUN_CHECKPOINT_FORMAT');
  });
});

describe('interruption', () => {
  test('between the two renames of a replacement, the old one is found and put back', async () => {
    const store = await storeWith('renames', [1, 2]);
    const set = join(store.directory, '.old-update-000000002-0123456789abcdef');
    await rename(join(store.directory, 'update-000000002'), set);
    await mkdir(join(store.directory, '.tmp-update-000000002-0123456789abcdef'));
    const reader = new CheckpointStore(store.directory);
    expectState(await reader.latestValid(silent), 2);
    await new CheckpointStore(store.directory).save(stateAt(3));
    expect((await readdir(store.directory)).sort()).toEqual([
      'update-000000001',
      'update-000000002',
      'update-000000003',
    ]);
  });

  test('a process killed while saving never leaves an unreadable store', async () => {
    const directory = join(root, 'killed');
    await mkdir(directory);
    const random = seeded(42);
    let first = 1;
    for (let kill = 0; kill < (long ? 20 : 5); kill++) {
      const child = startChild('save-loop.ts', directory, String(first));
      await child.line(String(first));
      await sleep(random() * 60);
      child.process.kill('SIGKILL');
      await child.exited;

      const saved = Number(child.lines.at(-1));
      const store = new CheckpointStore(directory);
      const entries = await store.list(silent);
      for (const entry of entries) expectState(await store.load(entry), entry.update);
      expect(entries[0]?.update).toBeGreaterThanOrEqual(saved);
      first = (entries[0]?.update ?? 0) + 1;
    }
    const store = new CheckpointStore(directory, { keepLast: 2 });
    await store.save(stateAt(first));
    const names = await readdir(directory);
    expect(names.filter((name) => !name.startsWith('update-'))).toEqual([]);
    expect(names).toHaveLength(2);
  });

  test('a full disk: a clear error, the one before intact, no rubbish, and room is used again', async ({
    skip,
  }) => {
    const directory = join(root, 'small-disk');
    const mount = mountTmpfs(directory, 'size=320k');
    if (typeof mount === 'string') {
      console.warn(mount);
      return skip(mount);
    }
    try {
      const store = new CheckpointStore(join(directory, 'checkpoints'));
      await store.save(stateAt(1));
      await store.save(stateAt(2));
      const error = await refusal(() => store.save(stateAt(3)));
      expect(error).toMatchObject({ code: 'NCN_RUN_DISK_FULL', cause: { code: 'ENOSPC' } });
      expect(error.message).toContain('small-disk/checkpoints/');
      expect((await readdir(store.directory)).sort()).toEqual([
        'update-000000001',
        'update-000000002',
      ]);
      expectState(await store.latestValid(silent), 2);
      await store.discardAfter(1);
      await store.save(stateAt(3));
      expectState(await store.latestValid(silent), 3);
    } finally {
      mount.unmount();
    }
  });
});
