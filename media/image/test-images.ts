import { join } from 'node:path';
import { z } from 'zod';
import type { HostTensor } from '../../core/engine/types.js';
import { invalidSafetensors } from '../../core/errors/run.js';
import type { Example } from './metrics/examples.js';
import type { PerImageResult } from './metrics/per-image.js';
import { firstIssue } from '../../core/run/json.js';
import { readSafetensors, writeSafetensors } from '../../core/run/safetensors.js';

/** What the images were and who denoised them; two results with equal data can be paired. */
export interface TestImagesAbout {
  readonly update: number;
  readonly seed: number;
  /** Hash of the data set. */
  readonly dataset: string;
}

export interface TestImages extends PerImageResult {
  readonly about: TestImagesAbout;
}

export const testImagesName = 'test-images.safetensors';

/** Where a run keeps the values of its test images. */
export const testImagesFile = (run: string): string => join(run, testImagesName);

const parts = ['input', 'reference', 'target', 'output'] as const;

/**
 * Writes the values of each test image and the examples as safetensors, whole or not at all; the
 * same result gives the same bytes. Tensors: `targets` and `references` [n], `values/NAME` [n],
 * `examples/NAME/position` [k], `examples/NAME/input`, … [k, height, width].
 * @throws NcnError where the file cannot be written
 */
export async function writeTestImages(
  path: string,
  result: PerImageResult,
  about: TestImagesAbout,
): Promise<void> {
  const { height, width } = result;
  const vector = (data: Float32Array): HostTensor => ({ shape: [data.length], data });
  const tensors = new Map<string, HostTensor>([
    ['targets', vector(result.targets)],
    ['references', vector(result.references)],
  ]);
  for (const [name, values] of result.values) tensors.set(`values/${name}`, vector(values));
  for (const [name, examples] of result.examples) {
    const positions = Float32Array.from(examples, ({ position }) => position);
    tensors.set(`examples/${name}/position`, vector(positions));
    for (const part of parts) {
      const data = new Float32Array(examples.length * height * width);
      examples.forEach((example, i) => data.set(example[part], i * height * width));
      tensors.set(`examples/${name}/${part}`, { shape: [examples.length, height, width], data });
    }
  }
  await writeSafetensors(path, tensors, {
    format: 'ncn test images 1',
    height: String(height),
    width: String(width),
    update: String(about.update),
    seed: String(about.seed),
    dataset: about.dataset,
  });
}

const number = z.string().regex(/^\d+$/).transform(Number);
const metadataSchema = z.object({
  format: z.literal('ncn test images 1'),
  height: number,
  width: number,
  update: number,
  seed: number,
  dataset: z.string(),
});

/**
 * Reads what {@link writeTestImages} wrote.
 * @throws NcnError where it cannot be read, or is another file
 */
export async function readTestImages(path: string): Promise<TestImages> {
  const { tensors, metadata } = await readSafetensors(path);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) throw invalidSafetensors(path, firstIssue(parsed.error));
  const { height, width, update, seed, dataset } = parsed.data;
  const dataOf = (name: string): Float32Array => {
    const data = tensors.get(name)?.data;
    if (data === undefined) throw invalidSafetensors(path, `it has no '${name}'`);
    return data;
  };
  const targets = dataOf('targets');
  const references = dataOf('references');
  const values = new Map<string, Float32Array>();
  const examples = new Map<string, readonly Example[]>();
  for (const [name, { data }] of tensors) {
    if (name.startsWith('values/')) {
      if (data.length !== targets.length) {
        throw invalidSafetensors(
          path,
          `'${name}' has ${data.length} values, not ${targets.length}`,
        );
      }
      values.set(name.slice('values/'.length), data);
    }
    const group = /^examples\/(.+)\/position$/.exec(name)?.[1];
    if (group === undefined) continue;
    const size = height * width;
    const cut = (part: string, i: number): Float32Array =>
      dataOf(`examples/${group}/${part}`).subarray(i * size, (i + 1) * size);
    const list = Array.from(data, (position, i) => ({
      position,
      input: cut('input', i),
      reference: cut('reference', i),
      target: cut('target', i),
      output: cut('output', i),
    }));
    examples.set(group, list);
  }
  const about = { update, seed, dataset };
  return { targets, references, values, examples, height, width, about };
}
