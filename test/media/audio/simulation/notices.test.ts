import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClipFactory } from '../../../../media/audio/simulation/factory.js';
import { writeWav } from '../../../../media/sound/wav.js';
import { temporaryFolder } from '../../image/data/fixtures.js';

test('of a damaged file that is used all the same, clips tell once', async () => {
  const dir = await temporaryFolder();
  for (const kind of ['speech', 'music', 'noise']) {
    await mkdir(join(dir, kind));
    const tone = Float32Array.from({ length: 16_000 }, (_, n) => 0.3 * Math.sin(n / (9 + n / 9e3)));
    const bytes = writeWav([tone], 16_000, { bits: 16 });
    const cut = bytes.subarray(0, kind === 'speech' ? -2000 : bytes.length);
    for (const name of ['a', 'b', 'c']) await writeFile(join(dir, kind, `${name}.wav`), cut);
  }
  const told: string[] = [];
  const factory = new ClipFactory(1, (notice) => told.push(notice));
  const options = { seconds: 1, layout: 'train', rooms: 1, measured: 0 } as const;
  const recipe = { place: { kind: 'folders', dir }, split: 'train', seed: 1, options } as const;
  for (const index of [0, 1, 2]) {
    await factory.make({ recipe, index, path: join(dir, `${index}.clip`) });
  }
  await factory.close();
  // One of three is for training.
  expect(told).toEqual([expect.stringMatching(/speech.[abc]\.wav is cut short/)]);
});
