import { createHash } from 'node:crypto';
import { definePlugin, RandomStreams, z, type Examples, type RandomSequence } from 'ncn';

const options = z.strictObject({
  length: z.int().min(16).default(256).describe('values of a waveform'),
  train: z.int().positive().default(2000).describe('training examples'),
  test: z.int().positive().default(200).describe('test examples'),
});

/** A seed of its own: another seed of the run must not mean other data. */
const random = new RandomStreams(1);

/** Three tones of random frequency (cycles per value), loudness and phase; between -1 and 1. */
function tones(sequence: RandomSequence, out: Float32Array, [low, high]: [number, number]): void {
  for (let tone = 0; tone < 3; tone++) {
    const frequency = low + (high - low) * sequence.uniform();
    const loudness = (0.2 + 0.8 * sequence.uniform()) / 3;
    const phase = 2 * Math.PI * sequence.uniform();
    out.forEach((value, t) => {
      out[t] = value + loudness * Math.sin(2 * Math.PI * frequency * t + phase);
    });
  }
}

/**
 * What the signals of an example are; each has a random stream of its own, at the position of the
 * example's index. So a signal costs the same whatever was read before, and may be read alone.
 */
const signals: Readonly<Record<string, (sequence: RandomSequence, out: Float32Array) => void>> = {
  /** What is wanted. */
  tones: (sequence, out) => {
    tones(sequence, out, [0.01, 0.06]);
  },
  /** What somebody else plays meanwhile; we know it. */
  reference: (sequence, out) => {
    tones(sequence, out, [0.03, 0.12]);
  },
  noise: (sequence, out) => sequence.fillNormal(out),
};

function waves(split: string, count: number, length: number): Examples {
  return {
    count,
    signals: Object.fromEntries(Object.keys(signals).map((name) => [name, [length, 1]])),
    read(indexes, out) {
      for (const [name, to] of Object.entries(out)) {
        to.fill(0);
        indexes.forEach((index, i) => {
          const own = to.subarray(i * length, (i + 1) * length);
          signals[name]?.(random.at(`waves/${split}/${name}`, index), own);
        });
      }
    },
  };
}

/** Waveforms that are computed when they are asked for: `--dataset waves`. */
export default definePlugin({
  name: 'waves.data',
  version: '1.0.0',
  summary: 'a data set of waveforms: tones, tones of somebody else, noise',
  options,
  setup({ hooks, options: o }) {
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'waves',
        summary: `${o.train} + ${o.test} waveforms of ${o.length} values`,
        load: () =>
          Promise.resolve({
            name: 'waves',
            source: 'generated, version 1',
            // What they are follows from these; a change of the code above needs another version.
            hash: createHash('sha256')
              .update(JSON.stringify(['waves', 1, o]))
              .digest('hex'),
            train: waves('train', o.train, o.length),
            test: waves('test', o.test, o.length),
          }),
      });
    });
  },
});
