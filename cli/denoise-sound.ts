import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { writeOutput } from '../core/run/output.js';
import { formatDuration } from '../core/services/format.js';
import { peakOf } from '../media/audio/denoise/delay.js';
import { denoise, type DenoiseReport } from '../media/audio/denoise/denoise.js';
import { decodeAudio } from '../media/sound/decode.js';
import { mean, soundEndings, type SampleDepth, type Sound } from '../media/sound/sound.js';
import { writeWav } from '../media/sound/wav.js';
import { resample } from '../media/audio/resample.js';
import { terminalBeside } from './context.js';
import type { DenoiseOptions } from './denoise-options.js';
import { openMethod } from './denoise-network.js';
import { otherExtension, signalUnreadable, withoutReference } from './errors/signals.js';

const rate = 16_000;

/** Whether the command's argument is a recording, and not a run. */
export const isSound = (argument: string): boolean =>
  soundEndings.includes(extname(argument).toLowerCase());

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
  if (!['', '.wav', '.wave'].includes(ending)) throw otherExtension(output, 'sound', ['.wav']);
  const terminal = await terminalBeside(output, options);
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
  const given: SampleDepth = mic.depth ?? { bits: 16 };
  const peak = peakOf(padded);
  // Cut to what whole numbers hold, it would be another sound.
  const depth: SampleDepth = peak > 1 ? { bits: 32, float: true } : given;
  await writeOutput(output, writeWav([padded], mic.rate, depth));
  const told = lines(report, mic);
  if (depth.float === true && given.float !== true) {
    told.push(
      `  written in floating point: its peak, ${peak.toFixed(2)}, is above what whole numbers hold`,
    );
  }
  terminal.result([`${output}: by ${method.name}`, ...told].join('\n'), {
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
  const seconds = lengthOf(mic) / mic.rate;
  if (mic.channels.every((channel) => peakOf(channel) === 0)) return ['  the recording is silent'];
  const quieter = Number.isFinite(reduction)
    ? `${reduction.toFixed(1)} dB quieter`
    : 'nothing is left of it';
  // Of a short one, most is the time of loading the network.
  const time =
    realTimeFactor < 10
      ? `${(realTimeFactor * 100).toFixed(1)} % of its time`
      : formatDuration(realTimeFactor * seconds);
  const told = found
    ? [`  the reference comes ${delay.toFixed(1)} ms later than in its own recording`]
    : ['  no echo of this reference found: is it the right recording?'];
  if (drift !== 0) {
    told.push(
      `  its clock drifts by ${drift.toFixed(1)} ms over the recording (${driftPpm.toFixed(0)} ppm): corrected`,
    );
  }
  return [...told, `  ${quieter}, ${formatDuration(seconds)} of sound in ${time}`];
}
