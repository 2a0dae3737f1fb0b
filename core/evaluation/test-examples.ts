import { replaceFile } from '../run/atomic.js';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostTensor } from '../engine/types.js';
import { invalidSafetensors } from '../errors/run.js';
import { firstIssue } from '../run/json.js';
import { readSafetensors, writeSafetensors } from '../run/safetensors.js';
import { exampleAt } from './batch.js';
import type { KeptExample } from './highest.js';
import type { PerExampleResult } from './per-example.js';

/** What the examples were and who evaluated them; two results with equal data can be paired. */
export interface ExamplesAbout {
  readonly update: number;
  readonly seed: number;
  /** Hash of the data set. */
  readonly dataset: string;
}

export interface TestExamples extends PerExampleResult {
  readonly about: ExamplesAbout;
}

export const testExamplesName = 'test-examples.safetensors';

/** Where a run keeps the values of its test examples. */
export const testExamplesFile = (run: string): string => join(run, testExamplesName);

const format = 'ncn test examples 1';

/**
 * Writes the values of each example and the kept ones as safetensors, whole or not at all; the same
 * result gives the same bytes. Tensors: `indexes/SEQUENCE` [n], `values/METRIC` [n],
 * `examples/GROUP/position` [k], `examples/GROUP/signals/ROLE` [k, …].
 * @throws NcnError where the file cannot be written
 */
export async function writeTestExamples(
  path: string,
  result: PerExampleResult,
  about: ExamplesAbout,
  replace = replaceFile,
): Promise<void> {
  const vector = (data: Float32Array): HostTensor => ({ shape: [data.length], data });
  const tensors = new Map<string, HostTensor>();
  for (const [name, list] of result.indexes) tensors.set(`indexes/${name}`, vector(list));
  for (const [name, values] of result.values) tensors.set(`values/${name}`, vector(values));
  for (const [name, examples] of result.examples) {
    const positions = Float32Array.from(examples, ({ position }) => position);
    tensors.set(`examples/${name}/position`, vector(positions));
    for (const [role, { shape, data: first }] of examples[0]?.signals ?? []) {
      const data = new Float32Array(examples.length * first.length);
      examples.forEach(({ signals }, i) => {
        data.set(signals.get(role)?.data ?? [], i * first.length);
      });
      tensors.set(`examples/${name}/signals/${role}`, { shape: [examples.length, ...shape], data });
    }
  }
  const { update, seed, dataset } = about;
  const metadata = {
    format,
    update: String(update),
    seed: String(seed),
    dataset,
  };
  await writeSafetensors(path, tensors, metadata, replace);
}

const number = z.string().regex(/^\d+$/).transform(Number);
const metadataSchema = z.object({
  format: z.literal(format),
  update: number,
  seed: number,
  dataset: z.string(),
});

/**
 * Reads what {@link writeTestExamples} wrote.
 * @throws NcnError where it cannot be read, or is another file
 */
export async function readTestExamples(path: string): Promise<TestExamples> {
  const { tensors, metadata } = await readSafetensors(path);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) throw invalidSafetensors(path, firstIssue(parsed.error));
  const { update, seed, dataset } = parsed.data;
  const indexes = new Map<string, Float32Array>();
  const values = new Map<string, Float32Array>();
  const examples = new Map<string, readonly KeptExample[]>();
  for (const [name, { data }] of tensors) {
    const [kind = '', ...rest] = name.split('/');
    if (kind === 'indexes') indexes.set(rest.join('/'), data);
    if (kind === 'values') values.set(rest.join('/'), data);
    const group = /^examples\/(.+)\/position$/.exec(name)?.[1];
    if (group !== undefined) examples.set(group, keptIn(tensors, group, data));
  }
  const lengths = new Set([...indexes, ...values].map(([, { length }]) => length));
  if (lengths.size > 1) {
    throw invalidSafetensors(path, `its lists differ in length: ${[...lengths].join(', ')}`);
  }
  return { indexes, values, examples, about: { update, seed, dataset } };
}

function keptIn(
  tensors: ReadonlyMap<string, HostTensor>,
  group: string,
  positions: Float32Array,
): KeptExample[] {
  const prefix = `examples/${group}/signals/`;
  const roles = [...tensors].filter(([name]) => name.startsWith(prefix));
  return Array.from(positions, (position, i) => ({
    position,
    signals: new Map(roles.map(([name, t]) => [name.slice(prefix.length), exampleAt(t, i)])),
  }));
}
