import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRaster } from '../../../../media/figures/png.js';
import { tinyRun } from '../../../../lab/testing/index.js';
import { contextOf, registryOf, temporaryFolder } from './fixtures.js';

async function picture(path: string, level: number, channels: 1 | 3 = 1, width = 8) {
  await mkdir(dirname(path), { recursive: true });
  const data = new Uint8Array(width * 8 * channels).fill(level);
  await writeFile(path, encodeRaster({ width, height: 8, channels, data }));
}

/** Inputs in colour with levels from 0, grey targets with levels from 100. */
async function folder(prefix: string, count: number): Promise<string> {
  const dir = await temporaryFolder();
  for (let i = 0; i < count; i++) {
    await picture(join(dir, prefix, 'input', `${i}.png`), i, 3);
    await picture(join(dir, prefix, 'target', `${i}.png`), 100 + i);
  }
  return dir;
}

const load = async (dir: string) => registryOf(await contextOf()).load({ name: `pairs:${dir}` });

test('pictures belong together by name; the last fifth is the test split', async () => {
  const { train, test: tested, hash } = await load(await folder('', 6));
  expect([train.count, tested.count]).toEqual([4, 2]);
  expect(train.signals).toEqual({ input: [8, 8, 3], target: [8, 8, 1] });
  const out = { input: new Float32Array(2 * 192), target: new Float32Array(2 * 64) };
  await tested.read(Uint32Array.of(1, 0), out);
  expect([out.input[0], out.input[192]]).toEqual([5, 4].map((x) => Math.fround(x / 255)));
  expect([out.target[0], out.target[64]]).toEqual([105, 104].map((x) => Math.fround(x / 255)));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test('one picture in colour makes its signal one of colours, in whatever split it is', async () => {
  const dir = await folder('train', 3);
  await picture(join(dir, 'train', 'input', '0.png'), 7);
  for (const signal of ['input', 'target']) {
    await picture(join(dir, 'test', signal, '0.png'), 9, signal === 'target' ? 3 : 1);
  }
  const { train, test: tested } = await load(dir);
  const colours = { input: [8, 8, 3], target: [8, 8, 3] };
  expect([train.signals, tested.signals]).toEqual([colours, colours]);
  const input = new Float32Array(192);
  await train.read(Uint32Array.of(0), { input });
  expect(input).toEqual(new Float32Array(192).fill(7 / 255));
});

test('hidden files and folders are no pictures, a linked folder is a signal', async () => {
  const dir = await folder('', 6);
  await mkdir(join(dir, '.ipynb_checkpoints'));
  await writeFile(join(dir, 'input', '._0.png'), 'of macOS');
  await symlink(join(dir, 'target'), join(dir, 'reference'));
  expect((await load(dir)).train.signals).toEqual({
    input: [8, 8, 3],
    reference: [8, 8, 1],
    target: [8, 8, 1],
  });
});

test('a split or a signal without pictures is named', async () => {
  const dir = await folder('train', 2);
  await expect(load(dir)).rejects.toThrow("of the folders train and test, 'test' is missing");
  await mkdir(join(dir, 'test'));
  await expect(load(dir)).rejects.toThrow(/test are no data set: it has no folders/);
  const other = await folder('', 2);
  await mkdir(join(other, 'notes'));
  await expect(load(other)).rejects.toThrow("its folder 'notes' has no PNG files");
});

test('what does not belong together is named', async () => {
  const dir = await folder('train', 2);
  await expect(load(dir)).rejects.toMatchObject({ code: 'NCN_PAIRS_INVALID' });
  await picture(join(dir, 'test', 'input', '0.png'), 0, 3);
  await picture(join(dir, 'test', 'target', '1.png'), 0);
  await expect(load(dir)).rejects.toThrow('target/1.png has no counterpart');
  await rm(join(dir, 'test', 'target', '1.png'));
  await picture(join(dir, 'test', 'target', '0.png'), 0, 1, 9);
  await expect(load(dir)).rejects.toThrow(/0\.png .* it is 9×8; others of 'target' are 8×8/);
  await writeFile(join(dir, 'test', 'target', '0.png'), 'no picture');
  await expect(load(dir)).rejects.toMatchObject({ code: 'NCN_PICTURE_FORMAT' });
});

test('a network learns from pairs, which have no reference and another number of channels', async () => {
  const dir = await folder('', 6);
  const { metrics, state } = await tinyRun({
    plugins: ['pairs', 'generator.unet', 'image.data'],
    values: {
      ...{ dataset: `pairs:${dir}`, 'generator.unet.width': 2, 'evaluation.testExamples': 2 },
      'image.metrics.metrics': ['content', 'psnr'],
    },
    updates: 2,
  });
  expect(metrics).toHaveLength(2);
  expect(state.get('generator/full/kernel')?.shape).toEqual([3, 3, 3, 2]);
  expect(state.get('generator/output/kernel')?.shape).toEqual([1, 1, 2, 1]);
});
