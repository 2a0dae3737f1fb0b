import { expect, test } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';
import type { Sound } from '../../../media/sound/sound.js';
import { readWav, writeWav } from '../../../media/sound/wav.js';
import { fixture } from '../audio/support.js';

const tones = [
  { frequency: 440, amplitude: 0.5 },
  { frequency: 1000, amplitude: 0.25 },
];

/** By how much a sound is off what the fixtures' formula gives. */
function largestError({ rate, channels }: Sound): number {
  const errors = tones.flatMap(({ frequency, amplitude }, c) =>
    Array.from(channels[c] ?? [NaN], (value, n) =>
      Math.abs(value - amplitude * Math.sin((2 * Math.PI * frequency * n) / rate)),
    ),
  );
  return Math.max(...errors);
}

test.each([
  ['pcm_u8', 2 ** -7],
  ['pcm_16', 2 ** -15],
  ['pcm_24', 2 ** -23],
  ['pcm_32', 2 ** -24],
  ['float', 2 ** -24],
  ['double', 2 ** -24],
  ['extensible', 2 ** -23],
])('%s.wav, written by libsndfile, is read', async (name, step) => {
  const sound = readWav(await fixture(`${name}.wav`), name);
  expect(sound.rate).toBe(22_050);
  expect(sound.channels.map(({ length }) => length)).toEqual([10, 10]);
  expect(sound.notice).toBeUndefined();
  expect(largestError(sound)).toBeLessThanOrEqual(step);
});

test.each(['alaw', 'ulaw'])(
  '%s: every code has the value that libsndfile gives it',
  async (law) => {
    const sound = readWav(await fixture(`${law}.wav`), law);
    const expected = readWav(await fixture(`${law}-as-pcm.wav`), law);
    expect(sound.channels[0]).toHaveLength(256);
    expect(new Set(sound.channels[0]).size).toBeGreaterThan(254);
    expect(sound.channels).toEqual(expected.channels);
  },
);

test.each([
  ['pcm_u8', { bits: 16 }],
  ['pcm_16', { bits: 16 }],
  ['pcm_24', { bits: 24 }],
  ['pcm_32', { bits: 32 }],
  ['double', { bits: 32, float: true }],
  ['ulaw', { bits: 16 }],
])('%s.wav says what holds its samples', async (name, depth) => {
  expect(readWav(await fixture(`${name}.wav`), name).depth).toEqual(depth);
});

/** A file whose chunk of samples states another length than it has. */
function stating(length: number, riff: number, behind: Buffer = Buffer.alloc(0)): Buffer {
  const file = writeWav([Float32Array.of(0.5, -0.5, 0.25, 0)], 16_000, { bits: 16 });
  file.writeUInt32LE(length, 40);
  file.writeUInt32LE(riff, 4);
  return Buffer.concat([file, behind]);
}

test.each([
  [0, 36],
  [0, 44],
  [0, 0],
  [0xffffffff, 36],
  [0xffffffff, 0xffffffff],
  [0x7fffffff, 44],
  [0x7ffff000, 0],
])('of samples that state %i bytes in a file that states %i, all are read', (length, riff) => {
  const { channels, notice } = readWav(stating(length, riff), 'x');
  expect(channels[0]).toEqual(Float32Array.of(0.5, -0.5, 0.25, 0));
  expect(notice).toBeUndefined();
});

test('no samples before another chunk are none', () => {
  const file = writeWav([[]], 16_000, { bits: 16 });
  const list = Buffer.from('LIST\x04\0\0\0INFO', 'latin1');
  expect(() => readWav(Buffer.concat([file, list]), 'x')).toThrow(/has no samples/);
  expect(() => readWav(file, 'x')).toThrow(/has no samples/);
});

const few = [Float32Array.of(0, 0.5, -0.5, 0.999, -1), Float32Array.of(1, 0.25, 1e-5, -1e-5, 2)];

test.each([
  { bits: 16, step: 2 ** -15 },
  { bits: 24, step: 2 ** -23 },
  { bits: 32, step: 2 ** -24 },
] as const)('written with $bits bits and read again, samples are within half a step', (given) => {
  const { rate, channels } = readWav(writeWav(few, 44_100, { bits: given.bits }), 'x');
  expect(rate).toBe(44_100);
  few.forEach((samples, c) => {
    samples.forEach((value, i) => {
      const off = Math.abs((channels[c]?.[i] ?? NaN) - Math.min(1, value));
      // The largest value is one step below 1.
      expect(off).toBeLessThanOrEqual(value >= 1 ? given.step : given.step / 2);
    });
  });
});

test('floating point is kept exactly, beyond 1 too', () => {
  const { channels } = readWav(writeWav(few, 16_000, { bits: 32, float: true }), 'x');
  expect(channels).toEqual(few);
});

test('a file of one 24-bit channel of odd length ends at an even place', () => {
  const file = writeWav([[0.5, 0.25, 0.125]], 16_000, { bits: 24 });
  expect(file).toHaveLength(44 + 9 + 1);
  expect(file.readUInt32LE(40)).toBe(9);
  expect(readWav(file, 'x').channels).toEqual([Float32Array.of(0.5, 0.25, 0.125)]);
});

const plain = writeWav([[0.5, -0.5, 0.25]], 16_000, { bits: 16 });
const [head, data] = [plain.subarray(0, 36), plain.subarray(36)];

function chunk(tag: string, content: Buffer): Buffer {
  const start = Buffer.alloc(8);
  start.write(tag, 'latin1');
  start.writeUInt32LE(content.length, 4);
  return Buffer.concat([start, content, Buffer.alloc(content.length % 2)]);
}

test('chunks that say other things are passed over, odd ones with the byte after them', () => {
  const file = Buffer.concat([
    head,
    chunk('LIST', Buffer.from('odd')),
    chunk('fact', Buffer.alloc(4)),
    data,
    chunk('LIST', Buffer.from('more')),
  ]);
  expect(readWav(file, 'x')).toEqual({
    rate: 16_000,
    depth: { bits: 16 },
    channels: [Float32Array.of(0.5, -0.5, 0.25)],
  });
});

test('a length that is not kept gives what is there, with a notice', () => {
  const file = Buffer.from(plain);
  file.writeUInt32LE(4_000_000_000, 40);
  const sound = readWav(file, 'lies.wav');
  expect(sound.channels).toEqual([Float32Array.of(0.5, -0.5, 0.25)]);
  expect(sound.notice).toBe('lies.wav is cut short: 6 of 4000000000 bytes of samples are there.');
});

test('half a sample at the end is left out, with a notice', () => {
  const file = plain.subarray(0, -1);
  expect(readWav(file, 'x').channels).toEqual([Float32Array.of(0.5, -0.5)]);
  expect(readWav(file, 'x').notice).toMatch(/5 of 6 bytes/);
});

test.each([0, 0xffffffff])('lengths that a pipe left at %i mean: to the end', (length) => {
  const file = Buffer.from(plain);
  file.writeUInt32LE(length, 4);
  file.writeUInt32LE(length, 40);
  expect(readWav(file, 'x')).toEqual({
    rate: 16_000,
    depth: { bits: 16 },
    channels: [Float32Array.of(0.5, -0.5, 0.25)],
  });
});

/** The plain file with another number in a field of 16 or 32 bits. */
function changed(at: number, value: number, size: 2 | 4): Buffer {
  const file = Buffer.from(plain);
  file.writeUIntLE(value, at, size);
  return file;
}

const notANumber = writeWav([[0, 0, 0]], 16_000, { bits: 32, float: true });
notANumber.writeFloatLE(NaN, 58 + 4);

test.each([
  ['not RIFF', Buffer.from('plain text, nothing else'), 'NCN_SOUND_FORMAT', /does not begin/],
  ['ADPCM', changed(20, 2, 2), 'NCN_SOUND_FORMAT', /of kind 2 with 16 bits/],
  ['64-bit PCM', changed(34, 64, 2), 'NCN_SOUND_FORMAT', /of kind 1 with 64 bits/],
  ['no channels', changed(22, 0, 2), 'NCN_SOUND_CORRUPT', /0 channels of 16 bits/],
  ['frames of another size', changed(32, 7, 2), 'NCN_SOUND_CORRUPT', /frames of 7 bytes/],
  ['an absurd rate', changed(24, 4e9, 4), 'NCN_SOUND_RATE', /4000000000 samples a second/],
  ['no rate', changed(24, 0, 4), 'NCN_SOUND_RATE', /states 0 samples/],
  ['a short format', changed(16, 10, 4), 'NCN_SOUND_CORRUPT', /'fmt ' has 10 bytes/],
  ['no samples', plain.subarray(0, 44), 'NCN_SOUND_EMPTY', /has no samples/],
  ['zero samples', Buffer.concat([head, chunk('data', Buffer.alloc(0))]), 'NCN_SOUND_EMPTY', /no/],
  ['no data', head, 'NCN_SOUND_CORRUPT', /ends before its samples/],
  [
    'data before its format',
    Buffer.concat([head.subarray(0, 12), data]),
    'NCN_SOUND_CORRUPT',
    /before it says of which kind/,
  ],
  ['NaN', notANumber, 'NCN_SOUND_NOT_FINITE', /has NaN at sample 1 of channel 0/],
])('%s is refused', (_, file, code, message) => {
  const problem = problemOf(() => readWav(file, 'bad.wav'));
  expect(problem.code).toBe(code);
  expect(problem.message).toMatch(message);
  expect(problem.message).toContain('bad.wav');
});

test.each([
  ['no channels', [], 16, false],
  ['channels of different lengths', [[0], [0, 1]], 16, false],
  ['no number', [[0, Infinity]], 24, false],
  ['16-bit floating point', [[0]], 16, true],
] as const)('%s cannot be written', (_, channels, bits, float) => {
  const problem = problemOf(() => writeWav(channels, 16_000, { bits, float }));
  expect(problem.code).toBe('NCN_SOUND_WRITE');
});

function problemOf(act: () => unknown): NcnError {
  try {
    act();
  } catch (error) {
    if (error instanceof NcnError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}
