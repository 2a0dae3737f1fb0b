import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sha256 } from '../../../../media/files/content.js';
import { downloadFile } from '../../../../media/files/download.js';
import type { MnistFile } from '../../../../media/image/data/mnist-files.js';
import { ExitCode } from '../../../../core/errors/error.js';
import { errorOf, idxFile, serve, temporaryFolder } from './fixtures.js';

let seed = 1;
const noise = (): number => (seed = (seed * 48271) % 0x7fffffff) & 255;
const content = idxFile(300, 28, 28, noise);
const zipped = gzipSync(content);
const file: MnistFile = {
  name: 'train-images-idx3-ubyte',
  sha256: sha256(content),
  bytes: content.length,
  optional: false,
};

const good: RequestListener = (_, response) => {
  response.setHeader('content-length', zipped.length);
  for (let at = 0; at < zipped.length; at += 16_384)
    response.write(zipped.subarray(at, at + 16_384));
  response.end();
};

test('downloads NAME.gz, reports percents, and leaves nothing else in the folder', async () => {
  const asked: (string | undefined)[] = [];
  const mirror = await serve((request, response) => {
    asked.push(request.url);
    good(request, response);
  });
  const dir = join(await temporaryFolder(), 'made', 'here');
  const heard: string[] = [];
  const path = await downloadFile(file, dir, {
    mirrors: [`${mirror}mnist`],
    report: (message) => heard.push(message),
  });
  expect(asked).toEqual(['/mnist/train-images-idx3-ubyte.gz']);
  expect(path).toBe(join(dir, 'train-images-idx3-ubyte.gz'));
  expect(gunzipSync(await readFile(path)).equals(content)).toBe(true);
  expect(await readdir(dir)).toEqual(['train-images-idx3-ubyte.gz']);
  expect(heard.some((message) => message.includes('100 %'))).toBe(true);
  expect(heard.length).toBeLessThan(13);
});

test('keeps plain content under the plain name, in place of a damaged file', async () => {
  const encoded = await serve((_, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(zipped);
  });
  const dir = await temporaryFolder();
  await writeFile(join(dir, `${file.name}.gz`), 'damaged');
  expect(await downloadFile(file, dir, { mirrors: [encoded] })).toBe(join(dir, file.name));
  expect(await readdir(dir)).toEqual([file.name]);
});

const corrupt = Buffer.from(zipped);
corrupt.fill(0x55, 5_000, 5_200);

const bad: readonly (readonly [string, RequestListener, RegExp])[] = [
  ['404', (_, response) => response.writeHead(404).end('no'), /HTTP status 404 Not Found/],
  ['corrupt', (_, response) => response.end(corrupt), /not valid gzip data/],
  ['half a gzip', (_, response) => response.end(zipped.subarray(0, 9_000)), /ends in the middle/],
  ['other content', (_, response) => response.end(gzipSync('x')), /expected [0-9a-f]{64}/],
  ['a login page', (_, response) => response.end('<html>'), /expected [0-9a-f]{64}/],
  ['too much', (_, response) => response.end(Buffer.alloc(4e5)), /more than 235216 bytes/],
  [
    'a broken connection',
    (_, response) => {
      response.setHeader('content-length', zipped.length);
      response.write(zipped.subarray(0, 9_000), () => response.destroy());
    },
    /terminated/,
  ],
  ['silence', () => undefined, /no answer for 0\.3 seconds/],
  [
    'a stall',
    (_, response) => {
      response.setHeader('content-length', zipped.length);
      response.write(zipped.subarray(0, 9_000));
    },
    /no data for 0\.3 seconds/,
  ],
];

test.each(bad)('%s: the next mirror is taken', async (_, listener, why) => {
  const mirrors = [await serve(listener), await serve(good)];
  const dir = await temporaryFolder();
  const heard: string[] = [];
  const path = await downloadFile(file, dir, {
    mirrors,
    patience: 300,
    report: (message) => heard.push(message),
  });
  expect(await readdir(dir)).toEqual([`${file.name}.gz`]);
  expect(gunzipSync(await readFile(path)).equals(content)).toBe(true);
  expect(heard.find((message) => message.includes('failed'))).toMatch(why);
});

test('when all fail, the error lists each mirror and why, and nothing is left', async () => {
  const mirrors = ['not an address', 'http://127.0.0.1:1/'];
  for (const [, listener] of bad) mirrors.push(await serve(listener));
  const dir = await temporaryFolder();
  const error = await errorOf(downloadFile(file, dir, { mirrors, patience: 300 }));
  expect(error.code).toBe('NCN_DATA_DOWNLOAD');
  expect(error.exit).toBe(ExitCode.data);
  for (const mirror of mirrors) expect(error.message).toContain(mirror);
  for (const [, , why] of bad) expect(error.message).toMatch(why);
  expect(error.message).toMatch(/not an address: Invalid URL/);
  expect(error.message).toMatch(/127\.0\.0\.1:1\/: fetch failed: .+/);
  expect(await readdir(dir)).toEqual([]);
});

test('a slow mirror that keeps sending is not left', async () => {
  const slow = await serve((_, response) => {
    let at = 0;
    const timer = setInterval(() => {
      response.write(zipped.subarray(at, at + 40_000));
      at += 40_000;
      if (at < zipped.length) return;
      clearInterval(timer);
      response.end();
    }, 100);
  });
  const dir = await temporaryFolder();
  await downloadFile(file, dir, { mirrors: [slow], patience: 400 });
  expect(await readdir(dir)).toEqual([`${file.name}.gz`]);
});

test('an abort ends it at once, without another mirror', async () => {
  const controller = new AbortController();
  const stalled = await serve(() => controller.abort(new Error('stopped by the user')));
  const dir = await temporaryFolder();
  const options = { mirrors: [stalled, await serve(good)], signal: controller.signal };
  await expect(downloadFile(file, dir, options)).rejects.toThrow('stopped by the user');
  expect(await readdir(dir)).toEqual([]);
});

test('a folder that cannot be made is an error of its own', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'taken'), '');
  const mirrors = [await serve(good)];
  const error = await errorOf(downloadFile(file, join(dir, 'taken', 'x'), { mirrors }));
  expect(error.code).toBe('NCN_DATA_NOT_STORED');
  expect(error.message).toContain(join(dir, 'taken', 'x'));
});
