import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readClip, writeClip } from '../../../../media/audio/simulation/clip-file.js';
import data from '../../../../plugins/speech/data.js';
import { temporaryFolder } from '../../image/data/fixtures.js';

test('behind a signal of a clip there is the next one: no cut reaches into it', async () => {
  const path = join(await temporaryFolder(), '0.clip');
  const signal = (value: number): Float32Array => new Float32Array(512).fill(value);
  await writeClip(path, {
    ...{ microphone: signal(0.5), reference: signal(-0.5), target: signal(0) },
    ...{ cancelled: signal(0.1), echo: signal(0.2), speechToEcho: 0, recorded: false },
  });
  const out = new Float32Array(256);
  await readClip(path, 256, { microphone: out });
  expect(out[255]).toBeCloseTo(0.5, 3);
  await expect(readClip(path, 257, { microphone: out })).rejects.toThrow(RangeError);
  await expect(readClip(path, -1, { microphone: out })).rejects.toThrow(RangeError);
});

test('cuts are no longer than the clips that they are cut from', () => {
  const read = (sizes: object) => data.options.safeParse(sizes);
  expect(read({}).success).toBe(true);
  expect(read({ seconds: 2, cutSeconds: 2 }).success).toBe(true);
  expect(read({ seconds: 2 }).error?.issues[0]).toMatchObject({
    path: ['cutSeconds'],
    message: expect.stringContaining('expected at most 2') as string,
  });
});
