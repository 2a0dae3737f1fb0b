import { pictureSize } from '../media/errors/figures.js';
import { engineFailed } from '../engines/errors/engine.js';
import { ExitCode } from '../core/errors/error.js';
import { nothingToDenoise } from '../core/errors/training.js';
import { encodeGrey, readGrey } from '../media/figures/png.js';
import { writeFileAtomic } from '../core/run/atomic.js';
import { buildDenoiser, evaluatedPrefix } from '../core/step/inference.js';
import { openContext } from './context.js';
import { newestCheckpoint, openRun, type OpenRunOptions } from './open-run.js';

export interface DenoiseOptions extends OpenRunOptions {
  readonly input: string;
  readonly reference: string;
  readonly output: string;
}

/** `ncn denoise RUN --input a.png --reference r.png --output o.png` */
export async function denoiseCommand(options: DenoiseOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const [input, reference] = [await readGrey(options.input), await readGrey(options.reference)];
  const opened = await openRun(name, { ...options, acceptChanges: true }, context);
  const { directory, prepared, session } = opened;
  try {
    const [height, width] = prepared.built.blueprint.imageSize;
    for (const [path, picture] of [
      [options.input, input],
      [options.reference, reference],
    ] as const) {
      if (picture.width === width && picture.height === height) continue;
      throw pictureSize(path, picture.width, picture.height, `${width}×${height}`);
    }
    const checkpoint = await newestCheckpoint(directory, context);
    if (checkpoint === undefined) throw nothingToDenoise(directory.path);
    await session.write(checkpoint.tensors);
    const shape = [1, height, width, 1];
    const inputs = new Map([
      ['input', { shape, data: input.data }],
      ['reference', { shape, data: reference.data }],
    ]);
    const { networks, blueprint } = prepared.built;
    const denoiser = buildDenoiser(networks, evaluatedPrefix(blueprint.stateTransforms));
    const outputs = await session.run(denoiser, inputs, new Map());
    const data = (await outputs.read()).get('output')?.data;
    if (data === undefined) throw engineFailed(session.engine.name, 'the denoiser gave no output');
    await writeFileAtomic(options.output, encodeGrey({ width, height, data }));
    context.terminal.result(`${options.output}: denoised by update ${checkpoint.update}`, {
      output: options.output,
      update: checkpoint.update,
    });
    return ExitCode.ok;
  } finally {
    await session.close();
  }
}
