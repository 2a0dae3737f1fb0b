import { basename, dirname, join } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import type { OpenExperiment, Trained } from '../core/open/experiment.js';
import { makeFolders } from '../core/run/folders.js';
import { isRegularFile, writeOutput } from '../core/run/output.js';
import type { Manifest } from '../core/run/manifest.js';
import { formatBytes } from '../core/services/format.js';
import type { Terminal } from '../core/services/terminal.js';
import { nothingToExport, unknownFormat } from '../lab/errors/export.js';
import { exportOnnx } from '../lab/export/onnx.js';
import { packRun } from '../lab/export/pack.js';
import { isUsage, isWave, usageOf } from '../lab/export/usage.js';
import { readIfThere } from '../lab/files.js';
import { openContext, terminalBeside } from './context.js';
import { openRun, type OpenRunOptions } from './open-run.js';

export interface ExportOptions extends OpenRunOptions {
  readonly format?: string;
  readonly output?: string;
}

const formats = ['onnx', 'onnx-whole', 'run'];

/** `ncn export RUN --format onnx [--output FILE]` */
export async function exportCommand(options: ExportOptions, name: string): Promise<ExitCode> {
  const { format = 'onnx' } = options;
  if (!formats.includes(format)) throw unknownFormat(format, formats);
  const context = await openContext(options);
  const run = await openRun(name, options, context);
  try {
    const manifest = await run.manifest();
    const write = format === 'run' ? writeRun : writeOnnx;
    // A model of one piece is checked on random ones.
    const examples = format === 'onnx-whole' || (format === 'onnx' && !(await runsInPieces(run)));
    await run.withTrained(
      (trained) => write(trained, manifest, options, context.terminal),
      nothingToExport,
      examples,
    );
    return ExitCode.ok;
  } finally {
    await run.close();
  }
}

async function runsInPieces(run: OpenExperiment): Promise<boolean> {
  const { networks, blueprint } = (await run.outline()).built;
  return networks.get(blueprint.main)?.definition.stream !== undefined;
}

type Write = (
  trained: Trained,
  manifest: Manifest,
  options: ExportOptions,
  terminal: Terminal,
) => Promise<void>;

const writeOnnx: Write = async (trained, manifest, options) => {
  const { format, output } = options;
  const { update } = trained.checkpoint;
  const engine = trained.session.engine.name;
  const whole = format === 'onnx-whole';
  const exported = await exportOnnx(trained, manifest, { whole });
  const { model, checked, difference, stream } = exported;
  const usual = join(trained.directory.path, 'exports', `${manifest.main}-${update}.onnx`);
  const file = output ?? usual;
  await makeFolders(dirname(file));
  await writeOutput(file, model);
  const usage = stream !== undefined && isWave(stream) ? usageOf(stream, basename(file)) : [];
  const programs: string[] = [];
  const kept: string[] = [];
  for (const [program, text] of usage) {
    const path = join(dirname(file), program);
    const isFree = await mayReplace(path);
    if (isFree) await writeOutput(path, text);
    (isFree ? programs : kept).push(path);
  }
  const kind = stream === undefined ? '' : ` for pieces of ${stream.hop}, one after the other,`;
  const terminal = await terminalBeside(file, options);
  terminal.result(
    [
      `${file}: the ${manifest.main} of update ${update}${kind} ${formatBytes(model.byteLength)}; agrees with engine '${engine}' on ${checked} (greatest difference of a value ${difference.toExponential(1)})`,
      ...programs.map((program) => `${program}: runs it on WAV files`),
      ...kept.map((path) => `${path}: is not a program that ncn wrote, and stays as it is`),
    ].join('\n'),
    { output: file, programs, kept, update, bytes: model.byteLength, engine, checked, difference },
  );
};

/** Whether nothing but a program of an earlier export is there: the user named the model alone. */
async function mayReplace(program: string): Promise<boolean> {
  const before = (await isRegularFile(program)) ? await readIfThere(program) : undefined;
  return before === undefined || isUsage(before.toString('utf8'));
}

const writeRun: Write = async (trained, manifest, { output }, terminal) => {
  const { update } = trained.checkpoint;
  const folder = output ?? join(trained.directory.path, 'exports', `${manifest.main}-${update}`);
  const bytes = await packRun(trained, manifest, folder);
  terminal.result(
    `${folder}: the ${manifest.main} of update ${update} as a run to use, ${formatBytes(bytes)}`,
    { output: folder, update, bytes },
  );
};
