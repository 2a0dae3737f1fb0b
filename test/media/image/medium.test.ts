import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageMedium } from '../../../media/image/medium.js';
import { rawPng } from '../figures/support.js';

test('images of bytes come back, grey and in colour', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 3),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (channels, height, width) => {
        const shape = [height, width, channels];
        const data = Float32Array.from(
          { length: height * width * channels },
          (_, i) => ((i * 37) % 256) / 255,
        );
        const png = await imageMedium.encode({ shape, data });
        const back = await imageMedium.decode(png, 'a.png', shape);
        expect([...back].map((value) => Math.round(value * 255))).toEqual(
          [...data].map((value) => Math.round(value * 255)),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('an image of another size, or without its last rows, is refused', async () => {
  const png = rawPng({ width: 3, height: 2, depth: 8, colourType: 0 }, [[1, 2, 3]]);
  await expect(imageMedium.decode(png, 'a.png', [2, 2, 1])).rejects.toMatchObject({
    code: 'NCN_PICTURE_SIZE',
    message: 'The picture a.png is 3×2; 2×2 was expected.',
  });
  await expect(imageMedium.decode(png, 'a.png', [2, 3, 1])).rejects.toMatchObject({
    code: 'NCN_PICTURE_CORRUPT',
  });
  const bomb = rawPng({ width: 20_000, height: 20_000, depth: 8, colourType: 2 }, [[1]]);
  await expect(imageMedium.decode(bomb, 'big.png', [28, 28, 3])).rejects.toMatchObject({
    code: 'NCN_PICTURE_SIZE',
  });
});
