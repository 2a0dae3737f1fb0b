import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSyntheticRun } from '../../../bench/synthetic-run.js';
import { serve, type WatchServer } from '../../../lab/watch/server.js';
import { WatchedRuns } from '../../../lab/watch/runs.js';

let server: WatchServer;
let root: string;
const secret = 'nobody may read this';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-watch-'));
  root = join(folder, 'runs');
  const about = { updates: 40, metricsEvery: 10, evaluationEvery: 20, testExamples: 8 };
  await writeSyntheticRun(join(root, 'one'), about);
  await writeSyntheticRun(join(root, 'nested/two'), { ...about, seed: 2 });
  // Outside: a whole run, a file, and links to both from inside.
  await writeSyntheticRun(join(folder, 'outside'), about);
  await writeFile(join(folder, 'secret.png'), secret);
  await symlink(join(folder, 'outside'), join(root, 'link'));
  await cp(join(root, 'one'), join(root, 'linked'), { recursive: true });
  await symlink(
    join(folder, 'secret.png'),
    join(root, 'linked/samples/fixed/output-000000030.png'),
  );
  await cp(join(root, 'one'), join(root, 'linkedfolder'), { recursive: true });
  await symlink(join(folder, 'outside/samples/fixed'), join(root, 'linkedfolder/samples/away'));
  await mkdir(join(root, 'leaky'));
  await writeFile(join(root, 'leaky/manifest.json'), '{}');
  await writeFile(join(root, 'one/samples/fixed/private.png'), secret);
  const sounds = { ...about, signals: 'sounds', batch: false } as const;
  await writeSyntheticRun(join(root, 'sounds'), sounds);
  // A run that says that its sounds are pages.
  await writeSyntheticRun(join(root, 'page'), sounds);
  const described = join(root, 'page/samples/fixed/samples.json');
  const samples = await readFile(described, 'utf8');
  const page = samples.replaceAll('audio/wav', 'text/html').replaceAll('.wav', '.html');
  await writeFile(described, page);
  await writeFile(join(root, 'page/samples/fixed/input-0.html'), '<script>alert(1)</script>');
  const fixed = join(root, 'one/samples/fixed');
  for (const name of ['ood.hard', '어려움', 'my own']) {
    await cp(fixed, join(root, 'one/samples', name), { recursive: true });
    const about = join(root, 'one/samples', name, 'samples.json');
    const named = (await readFile(about, 'utf8')).replaceAll('"target"', '"목표"');
    await writeFile(about, named);
    await cp(join(fixed, 'target.png'), join(root, 'one/samples', name, '목표.png'));
  }
  server = await serve(await WatchedRuns.of(root), 0);
});

afterAll(async () => server.close());

interface Got {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Asks as no browser would: the path goes out as it is. */
function ask(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Got> {
  const { port } = new URL(server.url);
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        done({ status: response.statusCode ?? 0, body, headers: response.headers });
      });
    });
    sent.on('error', fail);
    sent.end();
  });
}

test('lists the runs, also nested ones, and tells of those that cannot be read', async () => {
  const { status, body } = await ask('/api/');
  expect(status).toBe(200);
  const { runs } = JSON.parse(body) as {
    runs: { id: string; problem?: string; metrics: { metric: { label: string } }[] }[];
  };
  expect(runs.map(({ id }) => id).sort()).toEqual(
    ['leaky', 'linked', 'linkedfolder', 'nested/two', 'one', 'page', 'sounds'].sort(),
  );
  expect(runs.find(({ id }) => id === 'leaky')?.problem).toMatch(/manifest.json is not what/);
  const told = runs.find(({ id }) => id === 'one')?.metrics.map(({ metric }) => metric.label);
  expect(told).toEqual(['Content error', 'PSNR', 'SSIM', 'Collapse rate']);
});

test('serves the model of a run, its pictures and a comparison', async () => {
  const { status, body } = await ask('/api/run/nested%2Ftwo');
  expect(status).toBe(200);
  const model = JSON.parse(body) as { samples: { frames: { src: string }[] } };
  const image = await ask(model.samples.frames[0]?.src ?? '');
  expect(image.status).toBe(200);
  expect(image.headers['content-type']).toBe('image/png');
  expect(image.body.slice(1, 4)).toBe('PNG');
  expect((await ask('/api/compare?run=one&run=nested%2Ftwo')).status).toBe(200);
  expect((await ask('/api/compare?run=one')).status).toBe(404);
});

test.each(['ood.hard', '어려움', 'my own'])(
  'serves what an evaluation named %s kept',
  async (name) => {
    for (const file of ['목표.png', 'output-000000040.png']) {
      const path = `/file/one/samples/${encodeURIComponent(name)}/${encodeURIComponent(file)}`;
      expect(await ask(path)).toMatchObject({
        status: 200,
        headers: { 'content-type': 'image/png' },
      });
    }
  },
);

test('answers with 304 what has not changed', async () => {
  const { headers } = await ask('/api/run/one');
  const tag = String(headers['etag']);
  const again = await ask('/api/run/one', { headers: { 'if-none-match': tag } });
  expect(again.status).toBe(304);
  expect(again.body).toBe('');
});

test.each([
  '/api/run/..%2Foutside',
  '/api/run/%2e%2e%2foutside',
  '/api/run/../outside',
  '/api/run/link',
  '/api/run/one%2F..%2F..%2Foutside',
  '/api/run/one%00',
  '/api/run/%E0%A4%A',
  '/file/..%2Foutside/samples/fixed/target.png',
  '/file/link/samples/fixed/target.png',
  '/file/one/samples/../manifest.json',
  '/file/one/samples/%2e%2e/manifest.json',
  '/file/one/samples/%2e%2e%2f%2e%2e%2fnested%2ftwo%2fsamples%2ffixed/target.png',
  '/file/one/samples/fixed%2f..%2ffixed/target.png',
  '/file/one/samples/fixed/%2e%2e',
  '/file/one/samples//target.png',
  '/file/one/samples/fixed%00/target.png',
  '/file/one/samples/fixed/..%2f..%2f..%2f..%2fsecret.png',
  '/file/one/samples/fixed/private.png',
  '/file/one/samples/fixed/samples.json',
  '/file/linked/samples/fixed/output-000000030.png',
  '/file/linkedfolder/samples/away/target.png',
  '/one/manifest.json',
  '//etc/passwd',
  '/../secret.png',
  '/%2e%2e/secret.png',
  'http://elsewhere/secret',
])('nothing outside is reached by %s', async (path) => {
  const { status, body } = await ask(path);
  expect(body).not.toContain(secret);
  if (path.startsWith('http')) return; // an absolute address is answered as the list
  expect(status).toBe(404);
});

test('a run with links out of the folder is refused, saying which', async () => {
  const { status, body } = await ask('/api/run/linked');
  expect(status).toBe(404);
  expect(body).toContain("'samples/fixed/output-000000030.png' lies outside");
});

test('only reading is possible', async () => {
  const before = (await readdir(root, { recursive: true })).sort();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const { status, headers } = await ask('/api/run/one', { method });
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD');
  }
  const head = await ask('/api/run/one', { method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, body: '' });
  expect((await readdir(root, { recursive: true })).sort()).toEqual(before);
});

test('other names for this machine are refused: DNS may have been rebound', async () => {
  for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example']) {
    expect((await ask('/api/', { headers: { host } })).status).toBe(403);
  }
  expect((await ask('/api/', { headers: { host: 'localhost:1' } })).status).toBe(200);
});

test('no other site may read or frame the answers', async () => {
  const { headers } = await ask('/api/');
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers).toMatchObject({
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  });
});

test('a taken port is told', async () => {
  const port = Number(new URL(server.url).port);
  await expect(serve(await WatchedRuns.of(root), port)).rejects.toMatchObject({
    code: 'NCN_WATCH_PORT',
  });
});

describe('sounds', () => {
  const output = '/file/sounds/samples/fixed/output-000000040-1.wav';

  test('are served as what they are, whole or in part', async () => {
    const whole = await ask(output);
    expect(whole).toMatchObject({ status: 200, headers: { 'content-type': 'audio/wav' } });
    expect(whole.headers['accept-ranges']).toBe('bytes');
    const size = whole.body.length;
    const ranged = (range: string) => ask(output, { headers: { range } });
    expect(await ranged('bytes=0-3')).toMatchObject({
      status: 206,
      body: 'RIFF',
      headers: { 'content-range': `bytes 0-3/${size}`, 'content-length': '4' },
    });
    expect((await ranged(`bytes=${size - 2}-`)).body).toBe(whole.body.slice(-2));
    expect((await ranged('bytes=-5')).body).toBe(whole.body.slice(-5));
    expect((await ranged(`bytes=8-${size + 100}`)).body).toBe(whole.body.slice(8));
    expect(await ranged('seconds=1-2')).toMatchObject({ status: 200, body: whole.body });
    expect(await ranged(`bytes=${size}-`)).toMatchObject({
      status: 416,
      body: '',
      headers: { 'content-range': `bytes */${size}` },
    });
  });

  test('the model names one of each example at every update', async () => {
    const model = JSON.parse((await ask('/api/run/sounds')).body) as {
      samples: { frames: { files: string[] }[]; given: { files: string[] }[] };
    };
    const { frames, given } = model.samples;
    for (const { files } of [...frames, ...given]) {
      expect(files).toHaveLength(4);
      expect((await ask(files[3] ?? '')).body.slice(0, 4)).toBe('RIFF');
    }
  });

  test.each([
    '/file/sounds/samples/fixed/output-000000040-9.wav',
    '/file/sounds/samples/fixed/output-1.wav',
    '/file/sounds/samples/fixed/input-000000040-1.wav',
    '/file/sounds/samples/fixed/output-000000040-1.mp3',
    '/file/sounds/samples/fixed/..',
    '/file/sounds/manifest.json',
  ])('there is no %s', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test('a run cannot make the server send a page', async () => {
    expect((await ask('/file/page/samples/fixed/input-0.html')).status).toBe(404);
    expect((await ask('/file/page/samples/fixed/input.png')).headers['content-type']).toBe(
      'image/png',
    );
  });
});
