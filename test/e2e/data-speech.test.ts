import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { start, temporary } from './support.js';

test('offline, the corpus of sounds is refused with what to do', async () => {
  const dir = join(temporary(), 'sounds');
  const { code, stderr } = await start(['data', 'fetch', 'speech', '--data', dir]).finished;
  expect(code).toBe(3);
  expect(stderr).toMatch(/NCN_OFFLINE is set/);
  expect(stderr).toContain(dir);
});

test('a server without the files: who made the sounds is said once, then what failed', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const dir = temporary();
  mkdirSync(join(dir, 'speech'));
  writeFileSync(join(dir, 'speech/103-1240-0000.flac'), 'not it');
  const { code, stdout, stderr } = await start(['data', 'fetch', 'speech', '--data', dir], {
    ...{ NCN_OFFLINE: '', NCN_SPEECH_MIRROR: `http://127.0.0.1:${port}/files` },
  }).finished;
  expect(code).toBe(3);
  const said = stdout + stderr;
  expect(said.match(/speech: LibriSpeech .*CC-BY-4\.0/g)).toHaveLength(1);
  expect(said).toMatch(/0 of 413 files are in .*103-1240-0000\.flac: HTTP status 404/s);
  expect(asked.length).toBeLessThan(20);
  expect(asked[0]).toMatch(/^\/files\/resemble-ai\/Resemblyzer\/[0-9a-f]{40}\/audio_data\//);
  expect(readdirSync(dir)).toEqual(['speech']);
});

test('another name is refused with the nearest', async () => {
  const { code, stderr } = await start(['data', 'fetch', 'speach']).finished;
  expect(code).toBe(2);
  expect(stderr).toMatch(/cannot download 'speach'/);
  expect(stderr).toMatch(/'speech'/);
});
