import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { writeOutput } from '../core/run/output.js';
import { formatDuration } from '../core/services/format.js';
import { Terminal } from '../core/services/terminal.js';
import { denoise, type DenoiseReport } from '../media/audio/denoise/denoise.js';
import { decodeAudio } from '../media/sound/decode.js';
import { mean, type Sound } from '../media/sound/sound.js';
import { writeWav } from '../media/sound/wav.js';
import { resample } from '../media/audio/resample.js';
import { modeOf } from './context.js';
import type { DenoiseOptions } from './denoise-options.js';
import { openMethod } from './denoise-network.js';
import { otherExtension, signalUnreadable, withoutReference } from './errors/signals.js';

const extensions = ['.wav', '.flac', '.ogg', '.oga', '.mp3'];
const rate = 16_000;

/** Whether the command's argument is a recording, and not a run. */
export const isSound = (argument: string): boolean =>
  extensions.includes(extname(argument).toLowerCase());

/**
 * `ncn denoise mic.wav --reference music.wav --output out.wav`: takes known music out of a recording,
 * of any rate and number of channels.
 */
export async function denoiseSound(
  options: DenoiseOptions,
  file: string,
  output: string,
): Promise<ExitCode> {
  const { reference } = options;
  if (reference === undefined) throw withoutReference(file);
  const ending = extname(output).toLowerCase();
  if (ending !== '' && ending !== '.wav') throw otherExtension(output, 'sound', ['.wav']);
  const terminal = new Terminal(modeOf(options));
  const [mic, music] = [await soundOf(file), await soundOf(reference)];
  for (const { notice } of [mic, music]) if (notice !== undefined) terminal.line(notice);
  const method = await openMethod(options);
  const { output: clean, report } = await denoise(
    narrow(mic),
    narrow(music),
    method.suppressor,
    method.whole,
  ).finally(() => method.close());
  const whole = Float32Array.from(resample(clean, rate, mic.rate)).subarray(0, lengthOf(mic));
  const padded = new Float32Array(lengthOf(mic));
  padded.set(whole);
  await writeOutput(output, writeWav([padded], mic.rate, { bits: 16 }));
  terminal.result([`${output}: by ${method.name}`, ...lines(report, mic)].join('\n'), {
    output,
    method: method.name,
    found: report.found,
    delayMilliseconds: report.delay,
    driftMilliseconds: report.drift,
    driftPpm: report.driftPpm,
    reductionDecibel: Number.isFinite(report.reduction) ? report.reduction : null,
    realTimeFactor: report.realTimeFactor,
  });
  return ExitCode.ok;
}

async function soundOf(file: string): Promise<Sound> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw signalUnreadable(file, error);
  }
  return decodeAudio(bytes, file);
}

const lengthOf = ({ channels }: Sound): number => channels[0]?.length ?? 0;

/** One channel of 16 kHz: the mean of all. */
const narrow = ({ channels, rate: own }: Sound): Float32Array =>
  Float32Array.from(resample(mean(channels), own, rate));

/** What a user wants to know of it. */
function lines(report: DenoiseReport, mic: Sound): string[] {
  const { found, delay, drift, driftPpm, reduction, realTimeFactor } = report;
  const length = formatDuration(lengthOf(mic) / mic.rate);
  const told = found
    ? [`  the reference comes ${delay.toFixed(1)} ms later than in its own recording`]
    : ['  no echo of this reference found: is it the right recording?'];
  if (drift !== 0) {
    told.push(
      `  its clock drifts by ${drift.toFixed(1)} ms over the recording (${driftPpm.toFixed(0)} ppm): corrected`,
    );
  }
  return [
    ...told,
    `  ${reduction.toFixed(1)} dB quieter, ${length} of sound in ${(realTimeFactor * 100).toFixed(1)} % of its time`,
  ];
}
