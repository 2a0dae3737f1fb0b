import { parentPort } from 'node:worker_threads';
import { move, stridesOf } from '../../engine/order.js';
import { RandomStreams } from '../../random/streams.js';

/** A tensor to make: uniform numbers in ±limit of a stream, in the order of an engine's memory; or zeros. */
export type DrawJob =
  | {
      readonly kind: 'uniform';
      readonly seed: number;
      readonly stream: string;
      readonly limit: number;
      readonly shape: readonly number[];
      readonly strides: readonly number[];
    }
  | { readonly kind: 'zeros'; readonly length: number };

/** Memory that was touched before takes half of the time, so one array serves all draws. */
let drawn = new Float32Array();

function make(job: DrawJob): Float32Array<ArrayBuffer> {
  // To fill it is to have the system give the memory, page by page.
  if (job.kind === 'zeros') return new Float32Array(job.length).fill(0);
  const { shape, strides, limit } = job;
  const length = shape.reduce((product, size) => product * size, 1);
  const random = new RandomStreams(job.seed).at(job.stream);
  const values = new Float32Array(length);
  const rowByRow = stridesOf(shape);
  if (rowByRow.join() === strides.join()) {
    random.fillUniform(values, -limit, limit);
    return values;
  }
  if (drawn.length < length) drawn = new Float32Array(length);
  const from = drawn.subarray(0, length);
  random.fillUniform(from, -limit, limit);
  move(from, rowByRow, values, strides, shape);
  return values;
}

/** A worker thread that makes one tensor after the other. */
parentPort?.on('message', (job: DrawJob) => {
  const values = make(job);
  parentPort?.postMessage(values, [values.buffer]);
});
