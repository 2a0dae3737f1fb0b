import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { generateGlyphs, glyphsProvider, loadGlyphs } from '../../../../media/image/data/glyphs.js';
import { GlyphArtist } from '../../../../media/image/data/glyphs/draw.js';
import { readIdxImages } from '../../../../media/image/data/idx.js';
import { bytesOf, contextOf, realMnist, temporaryFolder } from './fixtures.js';

const SIZE = 28 * 28;

/** Milliseconds that the disk is given. */
const patience = 20_000;
const glyphs = await generateGlyphs();
const pixels = { train: await bytesOf(glyphs.train), test: await bytesOf(glyphs.test) };

/** Statistics of brightness, on 0 … 1, and of position, in pixels. */
function statisticsOf(pixels: Uint8Array) {
  const count = pixels.length / SIZE;
  const histogram = new Float64Array(256);
  for (const pixel of pixels) histogram[pixel] = (histogram[pixel] ?? 0) + 1 / pixels.length;
  let mean = 0;
  let square = 0;
  histogram.forEach((share, value) => {
    mean += (share * value) / 255;
    square += share * (value / 255) ** 2;
  });
  let centreX = 0;
  let centreY = 0;
  for (let image = 0; image < count; image++) {
    let mass = 0;
    let x = 0;
    let y = 0;
    for (let k = 0; k < SIZE; k++) {
      const value = pixels[image * SIZE + k] ?? 0;
      mass += value;
      x += value * (k % 28);
      y += value * Math.floor(k / 28);
    }
    centreX += x / mass / count;
    centreY += y / mass / count;
  }
  const lit = 1 - (histogram[0] ?? 0);
  /** Shares of the pixels that are not black, in eight equal ranges of brightness. */
  const eighths = Array.from({ length: 8 }, (_, k) =>
    histogram.subarray(Math.max(1, 32 * k), 32 * (k + 1)).reduce((a, b) => a + b / lit, 0),
  );
  return { mean, std: Math.sqrt(square - mean * mean), lit, eighths, centreX, centreY };
}

test('the data set has the shape of MNIST and says what it is', () => {
  expect(glyphs.name).toBe('glyphs');
  expect(glyphs.source).toBe('generated, version 1');
  expect(glyphs.notice).toBeUndefined();
  const shapes = [glyphs.train, glyphs.test].map(({ count, signals }) => [count, signals]);
  expect(shapes).toEqual([
    [60_000, { image: [28, 28, 1] }],
    [10_000, { image: [28, 28, 1] }],
  ]);
});

test('it never changes within a version', () => {
  const first = pixels.train.subarray(0, 100 * SIZE);
  expect(createHash('sha256').update(first).digest('hex')).toBe(
    '3352265bc9fc7b3aebaf7090915db035c6383f39666426a9d21e412a42ccef4d',
  );
  expect(glyphs.hash).toBe('a807be38f9929279fc25f6302b4dd232c32c02316692c459def05a46b4ff693d');
});

test.each(['train', 'test'] as const)('brightness in %s is near that of MNIST', (split) => {
  const { mean, std, lit, centreX, centreY } = statisticsOf(pixels[split]);
  expect(Math.abs(mean - 0.1307)).toBeLessThan(0.004);
  expect(Math.abs(std - 0.3081)).toBeLessThan(0.006);
  expect(Math.abs(lit - 0.1912)).toBeLessThan(0.006);
  expect(Math.abs(centreX - 14)).toBeLessThan(0.2);
  expect(Math.abs(centreY - 14)).toBeLessThan(0.2);
});

test('no two of the 70,000 images are the same', () => {
  const seen = new Set<string>();
  for (const all of [pixels.train, pixels.test]) {
    for (let from = 0; from < all.length; from += SIZE) {
      const bytes = all.subarray(from, from + SIZE);
      seen.add(createHash('sha1').update(bytes).digest('base64'));
    }
  }
  expect(seen.size).toBe(70_000);
});

test('an image can be drawn alone, and all ten digits occur equally often', () => {
  const artist = new GlyphArtist();
  const counts = new Array<number>(10).fill(0);
  for (let index = 4_000; index > 3_000; index--) {
    const alone = new Uint8Array(SIZE);
    const digit = artist.draw('train', index, alone);
    counts[digit] = (counts[digit] ?? 0) + 1;
    const there = pixels.train.subarray(index * SIZE, (index + 1) * SIZE);
    if (Buffer.compare(alone, there) !== 0) expect.fail(`image ${index} differs`);
  }
  expect(Math.min(...counts)).toBeGreaterThan(70);
  expect(Math.max(...counts)).toBeLessThan(130);
});

test('a smaller one is its beginning, and says so', async () => {
  const few = await generateGlyphs(20, 10);
  expect(few.source).toBe('generated, version 1, the first 20 and 10 images');
  expect(Buffer.compare(await bytesOf(few.test), pixels.test.subarray(0, 10 * SIZE))).toBe(0);
  expect(few.hash).not.toBe(glyphs.hash);
});

test('a folder that is not used is mentioned', async () => {
  const heard: string[] = [];
  const provider = glyphsProvider(await contextOf());
  await provider.load({ name: 'glyphs:/x', report: (m) => heard.push(m) });
  expect(heard).toEqual(['The folder /x is not used: the glyphs data set has no files.']);
});

test('they are kept in the cache once drawn, and drawn anew where a kept file is damaged', async () => {
  const context = await contextOf();
  const count = { train: 300, test: 40 };
  const drawn = await generateGlyphs(count.train, count.test);
  const load = async () => expect((await loadGlyphs(context, count)).hash).toBe(drawn.hash);
  const folder = join(context.cache, 'glyphs-1');
  const [train, other] = ['train-images-idx3-ubyte.gz', 't10k-images-idx3-ubyte.gz'] as const;
  await load();
  await vi.waitFor(
    async () => expect((await readdir(folder)).sort()).toEqual([other, train]),
    patience,
  );
  const kept = await readFile(join(folder, train));

  // Read, not drawn: it is there, and what is there is not written again.
  const { mtimeMs } = await stat(join(folder, train));
  const again = await loadGlyphs(context, count);
  expect(again).toMatchObject({ name: 'glyphs', source: drawn.source, hash: drawn.hash });
  expect(Buffer.compare(await bytesOf(again.train), await bytesOf(drawn.train))).toBe(0);
  expect((await stat(join(folder, train))).mtimeMs).toBe(mtimeMs);

  const bit = Buffer.from(kept);
  bit[bit.length >> 1] = 0xff - (bit[bit.length >> 1] ?? 0);
  const wrong = [bit, kept.subarray(0, 99), Buffer.alloc(0), await readFile(join(folder, other))];
  for (const bytes of wrong) {
    await writeFile(join(folder, train), bytes);
    await load();
    await vi.waitFor(
      async () => expect(Buffer.compare(await readFile(join(folder, train)), kept)).toBe(0),
      patience,
    );
  }
});

test('where the cache cannot be written they are drawn, and nobody is bothered', async () => {
  const blocked = join(await temporaryFolder(), 'file');
  await writeFile(blocked, 'no folder');
  const { source } = await loadGlyphs({ env: {}, cache: blocked }, { train: 20, test: 10 });
  expect(source).toBe('generated, version 1, the first 20 and 10 images');
});

const mnist = realMnist();
test.skipIf(mnist === undefined)('brightness is near that of the real MNIST', async () => {
  const images = await readIdxImages(join(mnist ?? '', 'train-images-idx3-ubyte.gz'));
  const [real, ours] = [statisticsOf(images.pixels), statisticsOf(pixels.train)];
  for (const key of ['mean', 'std', 'lit'] as const) {
    expect(Math.abs(ours[key] / real[key] - 1)).toBeLessThan(0.03);
  }
  real.eighths.forEach((share, k) => {
    expect(Math.abs((ours.eighths[k] ?? 0) - share)).toBeLessThan(0.04);
  });
  expect(Math.abs(ours.centreX - real.centreX)).toBeLessThan(0.2);
  expect(Math.abs(ours.centreY - real.centreY)).toBeLessThan(0.2);
});
