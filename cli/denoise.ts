import { readFile } from 'node:fs/promises';
import type { Media, Medium } from '../core/data/medium.js';
import type { Shape } from '../core/data/types.js';
import { ExitCode } from '../core/errors/error.js';

import { checkInputNames, infer, mainNetwork } from '../core/open/infer.js';
import { writeOutput } from '../core/run/output.js';
import { openContext } from './context.js';
import type { DenoiseOptions } from './denoise-options.js';
import { denoiseSound, isSound } from './denoise-sound.js';
import { denoiseStream } from './denoise-stream.js';
import {
  badSignal,
  noMedium,
  nothingNamed,
  outputNotNamed,
  signalTwice,
  signalUnreadable,
  streamOfFile,
} from './errors/signals.js';
import { openRun } from './open-run.js';

/** `ncn denoise RUN --input a.png --reference r.png --output o.png` */
export async function denoiseCommand(options: DenoiseOptions, name: string): Promise<ExitCode> {
  if (options.stream === true) {
    if (name !== '') throw streamOfFile(name);
    return denoiseStream(options);
  }
  if (name === '') throw nothingNamed();
  const { output: file } = options;
  if (file === undefined) throw outputNotNamed();
  if (isSound(name)) return denoiseSound(options, name, file);
  const context = await openContext(options);
  const files = filesOf(options);
  const run = await openRun(name, options, context);
  try {
    const prepared = await run.look();
    const { media } = prepared.built;
    const network = mainNetwork(prepared);
    checkInputNames(network, files.keys());
    const output = mediumOf(media, 'The output', network.output);
    const inputs: Record<string, Float32Array> = {};
    for (const [input, shape] of network.inputs) {
      const medium = mediumOf(media, `The input '${input}'`, shape);
      const path = files.get(input) ?? '';
      inputs[input] = await medium.decode(await bytesOf(path), path, shape);
    }
    const { update, result } = await run.withTrained(async ({ checkpoint, evaluator }) => ({
      update: checkpoint.update,
      result: await infer(evaluator, network, inputs),
    }));
    await writeOutput(file, await output.encode(result));
    context.terminal.result(`${file}: denoised by update ${update}`, {
      output: file,
      update,
    });
    return ExitCode.ok;
  } finally {
    await run.close();
  }
}

/** Files by the name of the input that they are for. @throws NcnError for one given twice */
function filesOf({ input, reference, signal = [] }: DenoiseOptions): Map<string, string> {
  const files = new Map<string, string>();
  const short = Object.entries({ input, reference });
  for (const [name, file] of [...short, ...signal.map(parseSignal)]) {
    if (file === undefined) continue;
    if (files.has(name)) throw signalTwice(name);
    files.set(name, file);
  }
  return files;
}

function parseSignal(text: string): [name: string, file: string] {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1) throw badSignal(text);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function mediumOf(media: Media, what: string, shape: Shape): Medium {
  const medium = media.of(shape);
  if (medium !== undefined) return medium;
  throw noMedium(
    what,
    shape,
    media.all.map(({ name }) => name),
  );
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw signalUnreadable(file, error);
  }
}
