import { parentPort } from 'node:worker_threads';
import { move, stridesOf } from '../../engine/order.js';
import { RandomStreams } from '../../random/streams.js';

/** Uniform numbers in ±limit of a stream, in the order of an engine's memory. */
export interface UniformJob {
  readonly kind: 'uniform';
  readonly seed: number;
  readonly stream: string;
  readonly limit: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A tensor to make. */
export type DrawJob = UniformJob | { readonly kind: 'zeros'; readonly length: number };

/** Numbers that are drawn and brought into their order together: they fit into a core's cache. */
const together = 2 ** 18;

function make(job: DrawJob): Float32Array<ArrayBuffer> {
  // To fill it is to have the system give the memory, page by page.
  if (job.kind === 'zeros') return new Float32Array(job.length).fill(0);
  const { shape, strides, limit } = job;
  const length = shape.reduce((product, size) => product * size, 1);
  const random = new RandomStreams(job.seed).at(job.stream);
  const values = new Float32Array(length);
  if (stridesOf(shape).join() === strides.join()) {
    random.fillUniform(values, -limit, limit);
    return values;
  }
  const [n0 = 1, n1 = 1, n2 = 1, n3 = 1] = shape;
  const [, , apart = 1] = strides;
  const most = Math.max(1, Math.floor(together / (n0 * n1 * n3)));
  const drawn = new Float32Array(n0 * n1 * Math.min(most, n2) * n3);
  for (let start = 0; start < n2; start += most) {
    const rows = Math.min(most, n2 - start);
    const size = rows * n3;
    for (let tap = 0; tap < n0 * n1; tap++) {
      const piece = drawn.subarray(tap * size, (tap + 1) * size);
      random.seek((tap * n2 + start) * n3).fillUniform(piece, -limit, limit);
    }
    const piece = [n0, n1, rows, n3];
    move(drawn, stridesOf(piece), values.subarray(start * apart), strides, piece);
  }
  return values;
}

/** A worker thread that makes one tensor after the other. */
parentPort?.on('message', (job: DrawJob) => {
  const values = make(job);
  parentPort?.postMessage(values, [values.buffer]);
});
