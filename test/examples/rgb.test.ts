import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { drawPicture, drawPictures } from '../../examples/rgb/draw.js';
import folder from '../../examples/rgb/folder.js';
import { conformance } from '../../lab/testing/index.js';
import { prepareTiny } from '../../lab/testing/prepare.js';
import {
  expectAgreement,
  expectExport,
  expectResume,
  manifestOf,
  presetFile,
} from './preset-checks.js';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'ncn-rgb-'));

const small = temporary();
await drawPictures(small, 10, 16);

const experiment = {
  preset: presetFile('rgb'),
  values: { dataset: 'rgb-folder', 'rgb-folder.folder': small, 'rgb-folder.size': 16 },
};

const load = async (values: Record<string, string | number> = {}) =>
  (await prepareTiny({ ...experiment, values: { ...experiment.values, ...values } })).dataset;

test('the pictures of the repository are those that draw.ts draws', () => {
  const place = fileURLToPath(new URL('../../examples/rgb/pictures', import.meta.url));
  const names = readdirSync(place).sort();
  expect(names).toHaveLength(40);
  for (const index of [0, 17, 39]) {
    // Read by another reader of PNG files, which gives four channels.
    const { width, height, data } = PNG.sync.read(readFileSync(join(place, names[index] ?? '')));
    expect([width, height]).toEqual([32, 32]);
    drawPicture(index).forEach((value, i) => {
      const byte = data[Math.floor(i / 3) * 4 + (i % 3)] ?? NaN;
      expect(Math.abs(byte / 255 - value)).toBeLessThan(0.5001 / 255);
    });
  }
});

test('the last files are the test split; a picture is the same whatever was read before', async () => {
  const { train, test, source } = await load();
  expect([train.count, test.count, source]).toEqual([8, 2, small]);
  const picture = async (examples: typeof train, ...indexes: number[]) => {
    const out = new Float32Array(indexes.length * 16 * 16 * 3);
    await examples.read(Uint32Array.from(indexes), { picture: out });
    return out;
  };
  const [last] = [await picture(test, 1)];
  last.forEach((value, i) => {
    expect(Math.abs(value - (drawPicture(9, 16)[i] ?? NaN))).toBeLessThan(0.5001 / 255);
  });
  expect((await picture(train, 3, 5, 3)).subarray(0, 768)).toEqual(await picture(train, 3));
});

test('the hash is that of the files’ content', async () => {
  const other = temporary();
  await drawPictures(other, 10, 16);
  const same = await load({ 'rgb-folder.folder': other });
  const { hash } = await load();
  expect(same.hash).toBe(hash);
  const first = readFileSync(join(other, '000.png'));
  writeFileSync(join(other, '000.png'), readFileSync(join(other, '001.png')));
  writeFileSync(join(other, '001.png'), first);
  expect((await load({ 'rgb-folder.folder': other })).hash).not.toBe(hash);
});

test('a picture of another size, and a folder without pictures, are named', async () => {
  const { train } = await load({ 'rgb-folder.size': 8 });
  const reading = async () =>
    train.read(Uint32Array.of(0), { picture: new Float32Array(8 * 8 * 3) });
  await expect(reading()).rejects.toThrow(/000\.png.*16×16.*8×8/);
  const empty = temporary();
  await expect(load({ 'rgb-folder.folder': empty })).rejects.toThrow(`${empty} has 0 PNG files`);
});

test('it trains, and the compiled engine agrees with cpu', () => expectAgreement(experiment));

test('resuming is bit-exact', () => expectResume(experiment));

test('the exported network computes what tf.js computes', () => expectExport(experiment, 3));

test('roles in colour and the metrics of images reach the manifest', async () => {
  const shape = [16, 16, 3];
  expect(await manifestOf(experiment)).toMatchObject({
    main: 'generator',
    roles: { input: shape, reference: shape, target: shape, output: shape },
    metrics: expect.arrayContaining([
      expect.objectContaining({ name: 'psnr', unit: 'dB', better: 'higher' }),
    ]) as unknown,
  });
});

describe('the plugin rgb-folder', () => {
  const values = { ...experiment.values, 'augmentation.signal': 'picture' };
  for (const { name, run } of conformance(folder, { values })) test(name, run);
});
