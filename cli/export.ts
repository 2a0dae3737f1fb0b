import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { writeFileAtomic } from '../core/run/atomic.js';
import { nothingToExport, unknownFormat } from '../lab/errors/export.js';
import { exportOnnx } from '../lab/export/onnx.js';
import { openContext } from './context.js';
import { openRun, type OpenRunOptions } from './open-run.js';

export interface ExportOptions extends OpenRunOptions {
  readonly format?: string;
  readonly output?: string;
}

const formats = ['onnx'];

/** `ncn export RUN --format onnx [--output FILE]` */
export async function exportCommand(options: ExportOptions, name: string): Promise<ExitCode> {
  const { format = 'onnx' } = options;
  if (!formats.includes(format)) throw unknownFormat(format, formats);
  const context = await openContext(options);
  const run = await openRun(name, options, context);
  try {
    const manifest = await run.manifest();
    const { directory, update, engine, exported } = await run.withTrained(
      async (trained) => ({
        directory: trained.directory.path,
        update: trained.checkpoint.update,
        engine: trained.session.engine.name,
        exported: await exportOnnx(trained, manifest),
      }),
      nothingToExport,
    );
    const { model, examples, from, difference } = exported;
    const file =
      options.output ?? join(directory, 'exports', `${manifest.main}-${update}.${format}`);
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, model);
    const size = `${(model.byteLength / 1e6).toFixed(1)} MB`;
    context.terminal.result(
      `${file}: the ${manifest.main} of update ${update}, ${size}; agrees with engine '${engine}' on ${examples} ${from} examples (greatest difference of a value ${difference.toExponential(1)})`,
      { output: file, update, bytes: model.byteLength, engine, examples, difference },
    );
    return ExitCode.ok;
  } finally {
    await run.close();
  }
}
