import { ExitCode } from '../core/errors/error.js';
import { fileSystemRefused } from '../core/errors/run.js';
import { errorCode } from '../media/files/content.js';
import { LiveDenoiser } from '../media/audio/denoise/live.js';
import type { DenoiseOptions } from './denoise-options.js';
import { openMethod } from './denoise-network.js';
import { badDelay, looksAhead } from './errors/signals.js';

const rate = 16_000;
/** Bytes of a sample of both channels: 16 bits each. */
const frame = 4;

/**
 * `ncn denoise --stream`: raw 16-bit samples of 16 kHz from standard input, microphone and reference
 * in turn, to standard output, as many of one channel. What is said goes to standard error. Ends with
 * its input, or without a word where nobody reads its output any more.
 */
export async function denoiseStream(options: DenoiseOptions): Promise<ExitCode> {
  const { delay = 0, quiet = false } = options;
  if (!Number.isFinite(delay) || delay < 0 || delay > 500) throw badDelay(delay);
  const method = await openMethod(options);
  if (method.whole !== undefined) {
    await method.close();
    throw looksAhead(method.name);
  }
  const live = new LiveDenoiser(method.suppressor);
  const late = new Late(Math.round((delay * rate) / 1000));
  if (!quiet) {
    process.stderr.write(
      `by ${method.name}; a sound comes out ${((1000 * live.lag) / rate).toFixed(0)} ms after it came in, and what computing takes\n`,
    );
  }
  const out = new Output();
  try {
    let rest = Buffer.alloc(0);
    for await (const chunk of input()) {
      const bytes = Buffer.concat([rest, chunk]);
      const count = Math.floor(bytes.length / frame);
      const [microphone, reference] = [0, 1].map((channel) =>
        Float32Array.from({ length: count }, (_, i) => sampleAt(bytes, 2 * i + channel)),
      );
      rest = bytes.subarray(count * frame);
      if (microphone === undefined || reference === undefined || count === 0) continue;
      if (!(await out.write(await live.push(microphone, late.push(reference))))) break;
    }
    if (!out.closed) await out.write(await live.flush());
    if (rest.length > 0 && !quiet) {
      process.stderr.write(
        `the last ${rest.length} bytes are no whole sample of two channels: left out\n`,
      );
    }
  } finally {
    await method.close();
  }
  return ExitCode.ok;
}

/** Standard input. @throws NcnError where it cannot be read */
async function* input(): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* process.stdin as AsyncIterable<Buffer>;
  } catch (error) {
    throw fileSystemRefused('read', 'standard input', error);
  }
}

const sampleAt = (bytes: Buffer, index: number): number => bytes.readInt16LE(2 * index) / 32_768;

/** A signal that comes later by so many samples. */
class Late {
  private held: Float32Array;

  constructor(samples: number) {
    this.held = new Float32Array(samples);
  }

  push(signal: Float32Array): Float32Array {
    const all = new Float32Array(this.held.length + signal.length);
    all.set(this.held);
    all.set(signal, this.held.length);
    this.held = all.slice(signal.length);
    return all.subarray(0, signal.length);
  }
}

/** Standard output, until nobody reads it. */
class Output {
  closed = false;

  constructor() {
    // Told to whoever writes; unheard, it would end the process.
    process.stdout.on('error', () => (this.closed = true));
  }

  /** @returns whether somebody may still read @throws what is wrong with the output but that */
  async write(samples: Float32Array): Promise<boolean> {
    const bytes = Buffer.alloc(2 * samples.length);
    samples.forEach((value, i) => {
      const level = Math.round(value * 32_768);
      bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, level)), 2 * i);
    });
    await new Promise<void>((done, fail) => {
      process.stdout.write(bytes, (error) => {
        if (error === undefined || error === null || errorCode(error) === 'EPIPE') done();
        else fail(fileSystemRefused('write', 'standard output', error));
      });
    });
    return !this.closed;
  }
}
