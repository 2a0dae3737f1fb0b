import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { nothingToExport, unknownFormat } from '../lab/errors/export.js';
import { exportOnnx } from '../lab/export/onnx.js';
import { writeFileAtomic } from '../core/run/atomic.js';
import { openContext } from './context.js';
import { newestCheckpoint, openRun, type OpenRunOptions } from './open-run.js';

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
  const opened = await openRun(name, { ...options, acceptChanges: true }, context);
  const { directory, manifest, prepared, session } = opened;
  try {
    const checkpoint = await newestCheckpoint(directory, context);
    if (checkpoint === undefined) throw nothingToExport(directory.path);
    await session.write(checkpoint.tensors);
    const source = { run: directory.name, manifest, prepared, checkpoint, session };
    const { model, images, difference } = await exportOnnx(source);
    const file =
      options.output ?? join(directory.path, 'exports', `generator-${checkpoint.update}.${format}`);
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, model);
    const size = `${(model.byteLength / 1e6).toFixed(1)} MB`;
    context.terminal.result(
      `${file}: the generator of update ${checkpoint.update}, ${size}; agrees with engine '${session.engine.name}' on ${images} test images (greatest difference of a pixel ${difference.toExponential(1)})`,
      {
        output: file,
        update: checkpoint.update,
        bytes: model.byteLength,
        engine: session.engine.name,
        images,
        difference,
      },
    );
    return ExitCode.ok;
  } finally {
    await session.close();
  }
}
