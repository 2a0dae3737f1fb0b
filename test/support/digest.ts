import { createHash } from 'node:crypto';
import { cpus } from 'node:os';

/** A tensor as a checkpoint holds it. */
interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What is kept of a run to tell whether another one computed the same. */
export interface RunDigest {
  /** SHA-256 over the tensors by name: name, shape, values. Not of a file format. */
  readonly tensors: string;
  /** By tensor, the root of the sum of its squares: for machines that round differently. */
  readonly norms: Readonly<Record<string, number>>;
  /** The final metrics. */
  readonly metrics: Readonly<Record<string, number>>;
}

export function digestOf(
  state: ReadonlyMap<string, Values>,
  results: Readonly<Record<string, unknown>>,
): RunDigest {
  const hash = createHash('sha256');
  const norms: Record<string, number> = {};
  for (const [name, { shape, data }] of [...state].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${JSON.stringify([name, shape])}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const squares = data.reduce((sum, value) => sum + value * value, 0);
    norms[name] = Number(Math.sqrt(squares).toPrecision(7));
  }
  const metrics = Object.entries(results).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value] as const] : [],
  );
  return { tensors: hash.digest('hex'), norms, metrics: Object.fromEntries(metrics) };
}

/** The kind of processor: the same program on another may round differently. */
export const processor = (): string => `${process.arch} ${cpus()[0]?.model ?? 'unknown'}`;
