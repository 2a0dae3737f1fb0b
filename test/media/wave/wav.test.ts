import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWav, writeWav } from '../../../media/wave/wav.js';

/** 0, ½, -1, ¼ at 16 kHz, and others, as other programs write them; printed by reference.py. */
const files = {
  'Python, 16 bits, 2 channels':
    'UklGRjAAAABXQVZFZm10IBAAAAABAAIAQB8AAAB9AAAEABAAZGF0YQwAAAAAAABAAID/f2QAnP8=',
  'libsndfile, 8 bits': 'UklGRigAAABXQVZFZm10IBAAAAABAAEAgD4AAIA+AAABAAgAZGF0YQQAAACAwACg',
  'libsndfile, 16 bits': 'UklGRiwAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQgAAAAAAABAAIAAIA==',
  'libsndfile, 24 bits':
    'UklGRjAAAABXQVZFZm10IBAAAAABAAEAgD4AAIC7AAADABgAZGF0YQwAAAAAAAAAAEAAAIAAACA=',
  'libsndfile, 32 bits':
    'UklGRjQAAABXQVZFZm10IBAAAAABAAEAgD4AAAD6AAAEACAAZGF0YRAAAAAAAAAAAAAAQAAAAIAAAAAg',
  'libsndfile, float':
    'UklGRlgAAABXQVZFZm10IBAAAAADAAEAgD4AAAD6AAAEACAAZmFjdAQAAAAEAAAAUEVBSxAAAAABAAAAUA4HawAAgD8CAAAAZGF0YRAAAAAAAAAAAAAAPwAAgL8AAIA+',
  'libsndfile, double':
    'UklGRmgAAABXQVZFZm10IBAAAAADAAEAgD4AAAD0AQAIAEAAZmFjdAQAAAAEAAAAUEVBSxAAAAABAAAAUA4HawAAgD8CAAAAZGF0YSAAAAAAAAAAAAAAAAAAAAAAAOA/AAAAAAAA8L8AAAAAAADQPw==',
  'libsndfile, extensible, 24 bits, 3 channels':
    'UklGRmwAAABXQVZFZm10ICgAAAD+/wMAgD4AAIAyAgAJABgAFgAYAAAAAAABAAAAAAAQAIAAAKoAOJtxZmFjdAQAAAAEAAAAZGF0YSQAAAAAAAAAAAAAAAAAAEAAACAAAAAAAIAAAMAAAAAAACAAABAAAAA=',
  'SciPy, float':
    'UklGRkIAAABXQVZFZm10IBIAAAADAAEAIlYAAIhYAQAEACAAAABmYWN0BAAAAAQAAABkYXRhEAAAAAAAAAAAAAA/AACAvwAAgD4=',
} as const;

const common = [0, 0.5, -1, 0.25];
const bytesOf = (name: keyof typeof files): Buffer => Buffer.from(files[name], 'base64');

test.each([
  ['Python, 16 bits, 2 channels', 8000, [0.25, (32767 / 32768 - 1) / 2, 0]],
  ['libsndfile, 8 bits', 16_000, common],
  ['libsndfile, 16 bits', 16_000, common],
  ['libsndfile, 24 bits', 16_000, common],
  ['libsndfile, 32 bits', 16_000, common],
  ['libsndfile, float', 16_000, common],
  ['libsndfile, double', 16_000, common],
  ['libsndfile, extensible, 24 bits, 3 channels', 16_000, common.map((x) => x / 2)],
  ['SciPy, float', 22_050, common],
] as const)('a file of %s is read', (name, sampleRate, expected) => {
  const wave = readWav(bytesOf(name), 'a.wav');
  expect(wave.sampleRate).toBe(sampleRate);
  expect([...wave.samples]).toEqual(expected.map(Math.fround));
});

test('what is written is what SciPy writes', () => {
  const written = writeWav({ sampleRate: 22_050, samples: Float32Array.from(common) });
  expect(written.toString('base64')).toBe(files['SciPy, float']);
});

test('any numbers come back', () => {
  fc.assert(
    fc.property(
      fc.float32Array({ maxLength: 40 }),
      fc.integer({ min: 1, max: 192_000 }),
      (x, rate) => {
        const wave = readWav(writeWav({ sampleRate: rate, samples: x }), 'a.wav');
        expect(wave).toEqual({ sampleRate: rate, samples: x });
      },
    ),
    { numRuns: 100 },
  );
});

test('a file that ends anywhere is refused by name', () => {
  for (const name of ['libsndfile, 24 bits', 'libsndfile, float'] as const) {
    const whole = bytesOf(name);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readWav(whole.subarray(0, length), 'cut.wav')).toThrow(/cut\.wav/);
    }
  }
  expect(() => readWav(bytesOf('SciPy, float').subarray(0, 70), 'cut.wav')).toThrow(
    "The WAV file cut.wav is corrupt: its part 'data' has 16 bytes, of which 12 are there.",
  );
});

const changed = (name: keyof typeof files, at: number, ...values: number[]): Buffer => {
  const bytes = bytesOf(name);
  bytes.set(values, at);
  return bytes;
};

test.each([
  ['another kind of file', Buffer.from('%PDF-1.7 and more'), 'FORMAT', /does not begin like one/],
  ['nothing', Buffer.alloc(0), 'FORMAT', /does not begin like one/],
  ['A-law', changed('libsndfile, 8 bits', 20, 6), 'FORMAT', /of kind 6 with 8 bits/],
  ['12 bits', changed('libsndfile, 16 bits', 34, 12), 'FORMAT', /of kind 1 with 12 bits/],
  ['half floats', changed('libsndfile, 16 bits', 20, 3), 'FORMAT', /of kind 3 with 16 bits/],
  ['no channels', changed('libsndfile, 16 bits', 22, 0), 'CORRUPT', /it has 0 channels/],
  [
    'a channel too many',
    changed('libsndfile, 16 bits', 22, 2),
    'CORRUPT',
    /2 channels.*frames of 2/,
  ],
  ['no rate', changed('libsndfile, 16 bits', 24, 0, 0), 'CORRUPT', /at 0 Hz/],
  ['half a sample', changed('libsndfile, 16 bits', 40, 7), 'CORRUPT', /end within a frame of 2/],
  ['a lying part', changed('libsndfile, 16 bits', 40, 0, 0, 0, 255), 'CORRUPT', /of which 8 are/],
  ['a short format', changed('libsndfile, 16 bits', 16, 12), 'CORRUPT', /'fmt ' has 12 bytes/],
  [
    'data first',
    changed('libsndfile, 16 bits', 12, 100),
    'CORRUPT',
    /before it says of which kind/,
  ],
  ['no data', bytesOf('libsndfile, 16 bits').subarray(0, 36), 'CORRUPT', /ends before its data/],
] as const)('%s is refused', (_, bytes, code, message) => {
  const read = () => readWav(bytes, 'odd.wav');
  expect(read).toThrow(expect.objectContaining({ code: `NCN_WAVE_${code}` }));
  expect(read).toThrow(message);
});

test('other parts are skipped, those of an odd length with the byte that follows', () => {
  const [head, rest] = [bytesOf('libsndfile, 16 bits'), bytesOf('libsndfile, 16 bits')];
  const part = Buffer.from('LIST\u0003\0\0\0abc\0', 'latin1');
  const bytes = Buffer.concat([head.subarray(0, 12), part, rest.subarray(12)]);
  expect([...readWav(bytes, 'a.wav').samples]).toEqual(common);
});
