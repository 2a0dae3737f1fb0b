import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hashOf } from '../../../../media/image/data/images.js';
import { readMnistAhead, readMnistImages } from '../../../../media/image/data/mnist-read.js';
import {
  mnistHash,
  mnistTestImages,
  mnistTrainImages,
  type MnistFile,
} from '../../../../media/image/data/mnist-files.js';
import { describeData, fetchMnist, verifyMnist } from '../../../../media/image/data/status.js';
import {
  contextOf,
  errorOf,
  idxFile,
  realMnist,
  registryOf,
  serve,
  temporaryFolder,
} from './fixtures.js';

const found = realMnist();
const mnist = found ?? '';
const withMnist = test.skipIf(found === undefined);

const images = ['t10k-images-idx3-ubyte.gz', 'train-images-idx3-ubyte.gz'];

/** Serves the real files. */
const mirrorOf =
  (asked: string[] = []): RequestListener =>
  (request, response) => {
    const name = (request.url ?? '').slice(1);
    asked.push(name);
    createReadStream(join(mnist, name))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  };

withMnist('MNIST is loaded from --data, and from NCN_DATA', async () => {
  const offline = registryOf(await contextOf());
  const dataset = await offline.load({ name: 'mnist', dir: mnist });
  expect(dataset.name).toBe('mnist');
  expect([dataset.train.count, dataset.test.count]).toEqual([60_000, 10_000]);
  const auto = registryOf(await contextOf({ NCN_DATA: mnist }));
  const same = await auto.load({ name: 'auto' });
  expect(same).toMatchObject({ name: 'mnist', hash: dataset.hash, source: mnist });
  expect(same.notice).toBeUndefined();
});

withMnist('the hash of verified files is the one of their images', async () => {
  const read = (file: MnistFile) => readMnistImages(join(mnist, `${file.name}.gz`), file);
  const hash = hashOf(await read(mnistTrainImages), await read(mnistTestImages));
  expect(mnistHash).toBe(hash);
});

withMnist('auto downloads the images once, then finds them in the cache', async () => {
  const asked: string[] = [];
  const mirror = await serve(mirrorOf(asked));
  const context = await contextOf({ NCN_OFFLINE: '0', NCN_MNIST_MIRRORS: mirror });
  const datasets = registryOf(context);
  const first = await datasets.load({ name: 'auto' });
  const second = await datasets.load({ name: 'mnist' });
  expect(first.name).toBe('mnist');
  expect(second.hash).toBe(first.hash);
  expect(asked.sort()).toEqual(images);
  expect((await readdir(join(context.cache, 'mnist'))).sort()).toEqual(images);
});

withMnist('a damaged file in the cache is downloaded again, alone', async () => {
  const asked: string[] = [];
  const mirror = await serve(mirrorOf(asked));
  const context = await contextOf({ NCN_OFFLINE: '0', NCN_MNIST_MIRRORS: mirror });
  const dir = join(context.cache, 'mnist');
  await mkdir(dir);
  for (const name of images) await copyFile(join(mnist, name), join(dir, name));
  await writeFile(join(dir, 't10k-images-idx3-ubyte.gz'), 'damaged');
  const heard: string[] = [];
  const load = registryOf(context).load({ name: 'auto', report: (m) => heard.push(m) });
  expect((await load).name).toBe('mnist');
  expect(heard[0]).toMatch(/not an IDX file.*downloaded again/);
  expect(asked).toEqual(['t10k-images-idx3-ubyte.gz']);
});

withMnist('one changed pixel is noticed', async () => {
  const dir = await temporaryFolder();
  await copyFile(
    join(mnist, 'train-images-idx3-ubyte.gz'),
    join(dir, 'train-images-idx3-ubyte.gz'),
  );
  const content = gunzipSync(await readFile(join(mnist, 't10k-images-idx3-ubyte.gz')));
  content[5_000] = 1 + (content[5_000] ?? 0);
  await writeFile(join(dir, 't10k-images.idx3-ubyte'), content);
  const datasets = registryOf(await contextOf());
  const error = await errorOf(datasets.load({ name: 'auto', dir }));
  expect(error.code).toBe('NCN_DATA_HASH');
  expect(error.message).toContain('t10k-images.idx3-ubyte');
});

withMnist('fetchMnist gets all four files, then has nothing to do', async () => {
  const asked: string[] = [];
  const context = await contextOf();
  const options = { context, mirrors: [await serve(mirrorOf(asked))] };
  const first = await fetchMnist(options);
  expect(first.dir).toBe(join(context.cache, 'mnist'));
  expect(first.files.map(({ state }) => state)).toEqual(Array(4).fill('verified'));
  expect(first.downloaded).toHaveLength(4);
  const second = await fetchMnist(options);
  expect(second.downloaded).toEqual([]);
  expect(asked).toHaveLength(4);
  const { usable } = await verifyMnist({ context });
  expect(usable).toMatchObject({ origin: 'cache', complete: true });
});

withMnist('fetchMnist can do without labels, not without images', async () => {
  const context = await contextOf();
  const whole = mirrorOf();
  const unlabelled = await serve((request, response) => {
    if (request.url?.includes('labels') === true) response.writeHead(404).end();
    else whole(request, response);
  });
  const heard: string[] = [];
  const { files } = await fetchMnist({
    context,
    mirrors: [unlabelled],
    report: (message) => heard.push(message),
  });
  expect(files.map(({ state }) => state)).toEqual(['verified', 'missing', 'verified', 'missing']);
  expect(heard.join()).toMatch(/Labels are not needed/);
});

test('fetchMnist fails where the images cannot be had', async () => {
  const mirrors = [await serve((_, response) => response.writeHead(500).end())];
  const error = await errorOf(fetchMnist({ context: await contextOf(), mirrors }));
  expect(error.code).toBe('NCN_DATA_DOWNLOAD');
  expect(error.message).toMatch(/HTTP status 500/);
});

withMnist('describeData tells what is where', async () => {
  const context = await contextOf({ NCN_DATA: mnist });
  const status = await describeData({ context });
  expect(status.map(({ name, available }) => [name, available])).toEqual([
    ['digits', true],
    ['mnist', true],
    ['glyphs', true],
    ['idx', 'unknown'],
    ['fashion-mnist', 'unknown'],
    ['emnist', 'unknown'],
    ['pairs', 'unknown'],
  ]);
  const of = status.find(({ name }) => name === 'mnist');
  const [first, second] = of?.places ?? [];
  expect(first).toMatchObject({ origin: 'NCN_DATA', dir: mnist, complete: true });
  expect(first?.files[0]).toMatchObject({
    name: 'train-images-idx3-ubyte',
    state: 'verified',
    bytes: 47_040_016,
    stored: (await stat(join(mnist, 'train-images-idx3-ubyte.gz'))).size,
  });
  expect(second).toMatchObject({ origin: 'cache', complete: false });
  expect(of?.mirrors).toEqual([]);
});

test('describeData tells what is wrong, and names the mirrors', async () => {
  const context = await contextOf({ NCN_OFFLINE: '' });
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'train-images-idx3-ubyte'), idxFile(2, 28, 28));
  await writeFile(join(dir, 't10k-images-idx3-ubyte.gz'), Buffer.from([0x1f, 0x8b, 8]));
  const [digits, status] = await describeData({ context, dir });
  // Glyphs take the place of what is not there.
  expect(digits).toMatchObject({ name: 'digits', available: true, places: [], mirrors: [] });
  expect(status).toMatchObject({ name: 'mnist', available: false });
  expect(status?.mirrors).toHaveLength(2);
  const files = status?.places[0]?.files ?? [];
  expect(files.map(({ state }) => state)).toEqual(['wrong', 'missing', 'wrong', 'missing']);
  expect(files[0]?.problem).toMatch(/is not MNIST's/);
  expect(files[2]?.problem).toMatch(/ends in the middle/);
});

withMnist(
  'what was read ahead is taken once, and whoever asks is told what was wrong',
  async () => {
    const folder = await temporaryFolder();
    for (const name of images) await copyFile(join(mnist, name), join(folder, name));
    const context = await contextOf({ NCN_DATA: folder });
    await readMnistAhead(context);
    // They are read by now, or being read: the files are needed no more.
    const path = join(folder, 't10k-images-idx3-ubyte.gz');
    const first = readMnistImages(path, mnistTestImages);
    expect((await first).count).toBe(10_000);
    expect((await readMnistImages(path, mnistTestImages)) === (await first)).toBe(false);

    await writeFile(path, 'nonsense');
    const dataset = registryOf(context).load({ name: 'mnist' });
    await expect(dataset).rejects.toMatchObject({ code: 'NCN_DATA_MAGIC' });
    await readMnistAhead(context);
    await expect(registryOf(context).load({ name: 'mnist' })).rejects.toMatchObject({
      code: 'NCN_DATA_MAGIC',
    });
    await readMnistAhead(await contextOf({ NCN_DATA: join(folder, 'nowhere') }));
  },
);
