import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Media, Medium } from '../core/data/medium.js';
import type { Shape } from '../core/data/types.js';
import type { HostTensor } from '../core/engine/types.js';
import { ExitCode } from '../core/errors/error.js';
import { nothingToDenoise } from '../core/errors/training.js';
import { checkInputNames, infer, mainNetwork } from '../core/open/infer.js';
import { writeOutput } from '../core/run/output.js';
import { openContext, terminalBeside } from './context.js';
import { exampleInputs, writeInputs } from './denoise-example.js';
import { checkForm, type DenoiseOptions } from './denoise-options.js';
import { denoiseSound, isSound } from './denoise-sound.js';
import { denoiseStream } from './denoise-stream.js';
import {
  badSignal,
  exampleAndFiles,
  noMedium,
  nothingNamed,
  otherExtension,
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
    checkForm(options, 'stream');
    return denoiseStream(options);
  }
  if (name === '') throw nothingNamed();
  const recording = isSound(name);
  checkForm(options, recording ? 'recording' : 'run');
  const { output: file } = options;
  if (file === undefined) throw outputNotNamed();
  if (recording) return denoiseSound(options, name, file);
  const context = await openContext(options);
  const files = filesOf(options);
  const { example } = options;
  if (example !== undefined && files.size > 0) throw exampleAndFiles();
  const run = await openRun(name, options, context);
  try {
    const prepared = await (example === undefined ? run.outline() : run.look());
    const { media } = prepared.built;
    const network = mainNetwork(prepared);
    if (example === undefined) checkInputNames(network, files.keys());
    const output = mediumOf(media, 'The output', network.output);
    checkExtension(file, output);
    const mediumOfInput = (input: string, shape: Shape): Medium =>
      mediumOf(media, `The input '${input}'`, shape);
    const given: Record<string, Float32Array> = {};
    if (example === undefined) {
      for (const [input, shape] of network.inputs) {
        const path = files.get(input) ?? '';
        const medium = mediumOfInput(input, shape);
        given[input] = await medium.decode(await bytesOf(path), path, shape);
      }
    }
    const { update, taken, result } = await run.withTrained(
      async (trained) => {
        const { checkpoint, evaluator } = trained;
        const taken = example === undefined ? undefined : await exampleInputs(trained, example);
        const inputs =
          taken === undefined
            ? given
            : Object.fromEntries([...taken].map(([input, { data }]) => [input, data]));
        return {
          update: checkpoint.update,
          taken: taken ?? new Map<string, HostTensor>(),
          result: await infer(evaluator, network, inputs),
        };
      },
      nothingToDenoise,
      example !== undefined,
    );
    await writeOutput(file, await output.encode(result));
    const { written, others } = await writeInputs(taken, media, file);
    const terminal = await terminalBeside(file, options);
    terminal.result(
      [
        `${file}: denoised by update ${update}`,
        ...[...written].map(([input, path]) => `${path}: its ${input}`),
        ...others.map((input) => `not written: its ${input}, which no medium of the run fits`),
      ].join('\n'),
      {
        output: file,
        update,
        ...(written.size === 0 ? {} : { inputs: Object.fromEntries(written) }),
      },
    );
    return ExitCode.ok;
  } finally {
    await run.close();
  }
}

/** @throws NcnError where a file is named as one of another kind than is written */
function checkExtension(file: string, { name, extensions }: Medium): void {
  const ending = extname(file).toLowerCase();
  if (ending !== '' && ending !== extensions[0]) throw otherExtension(file, name, extensions);
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
