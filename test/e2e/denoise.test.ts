import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { RandomStreams } from '../../core/random/streams.js';
import { filteredSdr } from '../../media/audio/metrics/sdr.js';
import { resample } from '../../media/audio/resample.js';
import { makeClip, type Clip } from '../../media/audio/simulation/clip.js';
import { ingredientsOf } from '../../media/audio/simulation/recipe.js';
import { readWav, writeWav, type WavOptions } from '../../media/sound/wav.js';
import { inHost } from './host.js';
import { main, ncn, temporary } from './support.js';

const rate = 16_000;
let clip: Clip;
let folder: string;

/** Writes a sound and gives its path. */
function sound(
  name: string,
  channels: readonly ArrayLike<number>[],
  options: WavOptions = { bits: 16 },
  of = rate,
): string {
  const path = join(folder, name);
  writeFileSync(path, writeWav(channels, of, options));
  return path;
}

const samplesOf = (path: string): Float32Array =>
  readWav(readFileSync(path), path).channels[0] ?? new Float32Array();

/** Where people speak in the clips of tests. */
const spoken = (signal: Float32Array, of = rate): Float32Array =>
  signal.subarray(3 * of, Math.round(9.95 * of));

interface Said {
  readonly found: boolean;
  readonly delayMilliseconds: number;
  readonly reductionDecibel: number;
  readonly realTimeFactor: number;
  readonly method: string;
}

async function denoise(...args: string[]): Promise<{ said: Said; output: Float32Array }> {
  const path = join(folder, 'out.wav');
  const run = await inHost(['denoise', ...args, '-o', path, '--json']);
  expect(run.code, run.stderr).toBe(0);
  return { said: JSON.parse(run.stdout) as Said, output: samplesOf(path) };
}

beforeAll(async () => {
  folder = temporary();
  const options = { seconds: 10, layout: 'test', rooms: 4, measured: 0 } as const;
  const place = { kind: 'embedded' } as const;
  const sounds = await ingredientsOf({ place, split: 'test', seed: 3, options });
  clip = await makeClip(new RandomStreams(3), 'test', 1, sounds, options);
  sound('mic.wav', [clip.microphone]);
  sound('music.wav', [clip.reference]);
});

/** Starts sooner than the network. */
const byCanceller = ['--method', 'canceller'];

const files = (): [string, string, string] => [
  join(folder, 'mic.wav'),
  '--reference',
  join(folder, 'music.wav'),
];

test('the network of the package takes out more than the canceller, which takes out much', async () => {
  const target = spoken(clip.target);
  const before = filteredSdr(spoken(clip.microphone), target);
  const network = await denoise(...files());
  const canceller = await denoise(...files(), ...byCanceller);
  const [withNetwork, without] = [network, canceller].map(({ output }) =>
    filteredSdr(spoken(output), target),
  );
  expect(without).toBeGreaterThan(before + 5);
  expect(withNetwork).toBeGreaterThan((without ?? NaN) + 1);
  expect(network.output.length).toBe(clip.microphone.length);
  expect(network.said.found).toBe(true);
  expect(network.said.method).toMatch(/^network speech-small, update \d+$/);
  expect(network.said.reductionDecibel).toBeGreaterThan(0);
});

test.each([
  ['another rate, two channels and 24 bits', 44_100, { bits: 24 }],
  ['8 kHz and floating point', 8_000, { bits: 32, float: true }],
] as const)('%s come out at their own rate, denoised', async (_, other, options) => {
  const at = (signal: Float32Array): Float32Array =>
    Float32Array.from(resample(signal, rate, other));
  const mic = sound('mic2.wav', [at(clip.microphone), at(clip.microphone)], options, other);
  const music = sound('music2.wav', [at(clip.reference), at(clip.reference)], options, other);
  const { output } = await denoise(mic, '--reference', music);
  const target = spoken(at(clip.target), other);
  expect(Math.abs(output.length - at(clip.target).length)).toBeLessThanOrEqual(1);
  const gain =
    filteredSdr(spoken(output, other), target) -
    filteredSdr(spoken(at(clip.microphone), other), target);
  expect(gain).toBeGreaterThan(5);
});

test('the delay is found, and a reference of another length is no fault', async () => {
  const late = new Float32Array(clip.reference.length + 3200);
  late.set(clip.reference);
  const mic = new Float32Array(clip.microphone.length + 3200);
  mic.set(clip.microphone, 3200);
  const path = sound('late.wav', [mic]);
  const { said } = await denoise(path, ...files().slice(1), ...byCanceller);
  const near = await denoise(...files(), ...byCanceller);
  expect(said.delayMilliseconds - near.said.delayMilliseconds).toBeCloseTo(200, 1);
  const long = sound('long.wav', [late]);
  const { output } = await denoise(files()[0], '--reference', long, ...byCanceller);
  expect(output.length).toBe(clip.microphone.length);
});

test('quiet recordings, clipped ones and silence', async () => {
  const quiet = sound('quiet.wav', [clip.microphone.map((value) => 0.02 * value)], {
    ...{ bits: 32, float: true },
  });
  const target = spoken(clip.target);
  const faint = await denoise(quiet, '--reference', join(folder, 'music.wav'));
  const usual = await denoise(...files());
  expect(filteredSdr(spoken(faint.output), target)).toBeGreaterThan(
    filteredSdr(spoken(usual.output), target) - 1,
  );
  const clipped = sound('clipped.wav', [clip.microphone.map((value) => 3 * value)]);
  const { output } = await denoise(clipped, ...files().slice(1), ...byCanceller);
  expect(output.every((value) => Number.isFinite(value))).toBe(true);
  const silence = sound('silence.wav', [new Float32Array(rate)]);
  const nothing = await denoise(silence, ...files().slice(1), ...byCanceller);
  expect(nothing.said.found).toBe(false);
  expect(Math.max(...nothing.output.map(Math.abs))).toBeLessThan(0.01);
});

test('of another reference, the report says that there is no echo of it', async () => {
  const random = new RandomStreams(9).at('other');
  const other = sound('other.wav', [random.fillUniform(new Float32Array(10 * rate), -0.5, 0.5)]);
  const run = await ncn([
    'denoise',
    files()[0],
    '--reference',
    other,
    ...byCanceller,
    '-o',
    join(folder, 'o.wav'),
  ]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout).toContain('no echo of this reference found');
});

const refused: readonly [string, () => string[], number, RegExp][] = [
  ['no reference', () => [files()[0], '-o', 'x.wav'], 2, /--reference music\.wav/],
  ['no output', () => [...files()], 2, /-o out\.wav/],
  ['nothing at all', () => [], 2, /What is to be denoised/],
  ['an unknown method', () => [...files(), '-o', 'x.wav', '--method', 'canceler'], 2, /canceller/],
  ['a file that is none', () => ['nowhere.wav', ...files().slice(1), '-o', 'x.wav'], 3, /nowhere/],
  ['a stream of a file', () => [files()[0], '--stream'], 2, /standard input/],
  ['a delay that is none', () => ['--stream', '--delay', '900'], 2, /0 to 500/],
];

test.each(refused)('%s is refused', async (_, args, code, text) => {
  const run = await inHost(['denoise', ...args()]);
  expect(run.code, run.stderr).toBe(code);
  expect(run.stderr).toMatch(text);
  expect(run.stderr).not.toMatch(/\n\s+at /);
});

/** Runs `ncn denoise --stream` on pieces of some sizes. */
function stream(input: Buffer, sizes: readonly number[], ...args: string[]): Promise<Buffer> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [main, 'denoise', '--stream', '--quiet', ...args]);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => {
      fail(new Error(part.toString()));
    });
    child.on('close', () => {
      done(Buffer.concat(parts));
    });
    for (let at = 0, i = 0; at < input.length; i++) {
      const end = at + (sizes[i % sizes.length] ?? input.length);
      child.stdin.write(input.subarray(at, end));
      at = end;
    }
    child.stdin.end();
  });
}

/** Both signals in turn, 16 bits each. */
function interleaved(seconds: number): Buffer {
  const count = seconds * rate;
  const bytes = Buffer.alloc(4 * count);
  for (let n = 0; n < count; n++) {
    bytes.writeInt16LE(Math.round((clip.microphone[n] ?? 0) * 32_767), 4 * n);
    bytes.writeInt16LE(Math.round((clip.reference[n] ?? 0) * 32_767), 4 * n + 2);
  }
  return bytes;
}

test('a stream is as long as its input, in time with it, however it is cut', async () => {
  const input = interleaved(5);
  const whole = await stream(input, [input.length]);
  expect(whole.length).toBe(input.length / 2);
  expect(await stream(input, [1001, 7, 40_000])).toEqual(whole);
  const output = Float32Array.from(
    { length: 5 * rate },
    (_, n) => whole.readInt16LE(2 * n) / 32_768,
  );
  const from = 3.2 * rate;
  const target = clip.target.subarray(from, 5 * rate);
  expect(filteredSdr(output.subarray(from), target)).toBeGreaterThan(
    filteredSdr(clip.microphone.subarray(from, 5 * rate), target) + 5,
  );
});

test('a stream that ends within a sample, and one that nobody reads, end without a fault', async () => {
  const short = await stream(interleaved(1).subarray(0, 4001), [4001], ...byCanceller);
  expect(short.length).toBe(2000);
  expect((await stream(Buffer.alloc(0), [1], ...byCanceller)).length).toBe(0);
  const child = spawn(process.execPath, [main, 'denoise', '--stream', ...byCanceller]);
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  child.stdin.on('error', () => undefined);
  child.stdout.once('data', () => child.stdout.destroy());
  const feed = setInterval(() => child.stdin.write(interleaved(1)), 20);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(feed);
  expect(code).toBe(0);
  expect(said).not.toMatch(/EPIPE|\n\s+at /);
}, 60_000);
