import { join } from 'node:path';
import { readIfThere, sampleFile, type JobRecord } from 'ncn/lab';
import { decodeGrey, encodeGrey, type GreyPicture } from 'ncn/media';
import { pretrainedFigure, untrainedFigure } from './captions.js';
import type { Results } from './data.js';

/** What a run of an experiment gives for the fixed test images, as PNG. */
export interface Figure {
  readonly png: Buffer;
  /** Of the run that it is of. */
  readonly seed: number;
}

/** The figure of each experiment's first finished seed, made small, and those two. */
export async function figuresOf(
  sweep: string,
  records: readonly JobRecord[],
  { runs }: Results,
): Promise<Map<string, Figure>> {
  const figures = new Map<string, Figure>();
  const add = async (name: string, { job }: JobRecord, picture: string): Promise<void> => {
    const file = join(sweep, job.name, 'images', picture);
    const png = figures.has(name) ? undefined : await readIfThere(file);
    if (png === undefined) return;
    const { seed } = job.request;
    figures.set(name, { seed, png: encodeGrey(halved(decodeGrey(png, file))) });
  };
  const bySeed = [...records].sort((a, b) => a.job.request.seed - b.job.request.seed);
  for (const record of bySeed) {
    if (record.state !== 'done') continue;
    const { preset, seed } = record.job.request;
    await add(preset, record, 'figure.png');
    await add(untrainedFigure, record, 'before-training.png');
    const run = runs.find((other) => other.preset === preset && other.seed === seed);
    const [first, second] = run?.conditions?.phases ?? [];
    if (first === undefined || second === undefined) continue;
    await add(pretrainedFigure, record, sampleFile(first.updates));
  }
  return figures;
}

/** Half as wide and high; each pixel is the mean of four. */
function halved({ width, height, data }: GreyPicture): GreyPicture {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const small = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      const four = [at, at + 1, at + width, at + width + 1];
      small[y * w + x] = four.reduce((sum, i) => sum + (data[i] ?? 0), 0) / 4;
    }
  }
  return { width: w, height: h, data: small };
}
