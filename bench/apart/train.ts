import { compile, tf, type CompiledStep, type HostTensor } from '../../engines/compiled/index.js';
import { Net, uniform } from './net.js';
import type { Work } from './works.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Trained = CompiledStep<Tensors, Tensors, { loss: tf.Tensor }>;

/** Weights and averages at the start, the same each time. */
export function startOf({ weights }: Work): Record<string, HostTensor> {
  const start: Record<string, HostTensor> = {};
  let seed = 100;
  for (const [name, shape] of weights.shapes) {
    const size = shape.reduce((product, side) => product * side, 1);
    const inputs = size / (shape.at(-1) ?? 1);
    if (shape.length > 1) start[name] = uniform(shape, seed++, Math.sqrt(3 / inputs));
    else start[name] = { shape, data: new Float32Array(size).fill(name.endsWith('gamma') ? 1 : 0) };
  }
  for (const [name, channels] of weights.averages) {
    const shape = [channels];
    start[`${name}/mean`] = { shape, data: new Float32Array(channels) };
    start[`${name}/variance`] = { shape, data: new Float32Array(channels).fill(1) };
  }
  return start;
}

/** A training step by Adam, written in operations of tf.js; `slow` and `fast` are its corrections. */
export async function trained(
  work: Work,
  start: Readonly<Record<string, HostTensor>>,
  threads?: number,
): Promise<Trained> {
  const names = [...work.weights.shapes.keys()];
  const state: Record<string, HostTensor> = { ...start };
  for (const name of names) {
    const shape = start[name]?.shape ?? [];
    const size = shape.reduce((product, side) => product * side, 1);
    state[`m/${name}`] = { shape, data: new Float32Array(size) };
    state[`v/${name}`] = { shape, data: new Float32Array(size) };
  }
  const step = (now: Tensors, given: Tensors) => {
    const of = (from: Tensors, name: string): tf.Tensor => {
      const tensor = from[name];
      if (tensor === undefined) throw new Error(`no ${name}`);
      return tensor;
    };
    const next: Record<string, tf.Tensor> = {};
    const lossOf = (...values: tf.Tensor[]): tf.Scalar => {
      const weights = Object.fromEntries(values.map((value, i) => [names[i] ?? '', value]));
      const net = new Net(weights, now);
      const loss = work.loss(net, of(given, 'x'), of(given, 'y'));
      Object.assign(next, net.averages);
      return loss;
    };
    const { value: loss, grads } = tf.valueAndGrads(lossOf)(names.map((name) => of(now, name)));
    grads.forEach((gradient, i) => {
      const name = names[i] ?? '';
      const m = tf.add(tf.mul(of(now, `m/${name}`), 0.9), tf.mul(gradient, 0.1));
      const v = tf.add(tf.mul(of(now, `v/${name}`), 0.999), tf.mul(tf.square(gradient), 0.001));
      const root = tf.add(tf.sqrt(tf.div(v, of(given, 'fast'))), 1e-8);
      const change = tf.div(tf.div(m, of(given, 'slow')), root);
      next[`m/${name}`] = m;
      next[`v/${name}`] = v;
      next[name] = tf.sub(of(now, name), tf.mul(change, 1e-3));
    });
    return { state: next, outputs: { loss } };
  };
  return compile(step, { state, ...(threads === undefined ? {} : { threads }) });
}

/** Loss of update number 1, 2, … */
export async function update(
  step: Trained,
  batch: { readonly x: HostTensor; readonly y: HostTensor },
  number: number,
): Promise<number> {
  const corrections = { slow: 1 - 0.9 ** number, fast: 1 - 0.999 ** number };
  const { loss } = await step.run({ ...batch, ...corrections });
  return loss.data[0] ?? NaN;
}
