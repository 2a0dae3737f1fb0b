import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSyntheticRun } from '../../../bench/synthetic-run.js';
import { runsCommand } from '../../../cli/runs.js';
import { listModel } from '../../../lab/watch/models.js';
import { serve } from '../../../lab/watch/server.js';
import { WatchedRuns } from '../../../lab/watch/runs.js';

const size = { updates: 40, metricsEvery: 10, evaluationEvery: 20, testExamples: 8 };

/** A folder with these runs. */
async function folderOf(...names: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ncn-runs-'));
  const [first = '', ...others] = names;
  await writeSyntheticRun(join(root, first), size);
  for (const name of others) await cp(join(root, first), join(root, name), { recursive: true });
  return root;
}

test('a run may be called ~', async () => {
  const runs = await WatchedRuns.of(await folderOf('one', '~'));
  const list = await listModel(runs);
  expect(list.runs.map(({ id, problem }) => [id, problem]).sort()).toEqual([
    ['one', undefined],
    ['~', undefined],
  ]);
});

test('the folder itself may be a run', async () => {
  const server = await serve(await WatchedRuns.of(await folderOf('')), 0);
  try {
    const get = async (path: string) => (await fetch(new URL(path, server.url))).json();
    const list = (await get('/api/')) as { runs: { href: string }[] };
    expect(list.runs).toHaveLength(1);
    expect(await get(`/api${list.runs[0]?.href ?? ''}`)).toMatchObject({ title: 'synthetic' });
  } finally {
    await server.close();
  }
});

test('a run that is removed while it is listed costs its own line alone', async () => {
  const root = await folderOf('one', 'two');
  const runs = await WatchedRuns.of(root);
  await runs.all();
  await rm(join(root, 'two'), { recursive: true });
  runs.ids = () => Promise.resolve(['one', 'two']);
  const { runs: listed } = await listModel(runs);
  const problems = new Map(listed.map(({ id, problem }) => [id, problem]));
  expect(problems.get('one')).toBeUndefined();
  expect(problems.get('two')).toContain('it has no manifest.json');
});

test.skipIf(process.platform === 'win32')(
  'a name of two lines takes one of the table',
  async () => {
    const lines: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    try {
      await runsCommand({}, await folderOf('two\nlines'));
    } finally {
      process.stdout.write = write;
    }
    expect(lines.join('')).toMatch(/^two lines +synthetic/m);
  },
);
