import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStreams } from '../core/random/streams.js';

/** Writes small IDX files of random blobs into a folder: enough to train on, the same each time. */
export function writeTinyIdx(dir: string, train: number, test: number): void {
  const random = new RandomStreams(1).at('idx');
  for (const [name, count] of [
    ['train-images-idx3-ubyte', train],
    ['t10k-images-idx3-ubyte', test],
  ] as const) {
    const bytes = Buffer.alloc(16 + count * 784);
    [0x803, count, 28, 28].forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
    for (let i = 16; i < bytes.length; i++)
      bytes[i] = random.uniform() < 0.2 ? random.below(256) : 0;
    writeFileSync(join(dir, name), bytes);
  }
}
