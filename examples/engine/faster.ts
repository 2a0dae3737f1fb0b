import { compile, tf, type HostTensor } from 'ncn/engine';
import '@tensorflow/tfjs-backend-wasm';

// One training step, by tf.js's own optimizer on wasm and by the compiled engine, from the same
// weights on the same batch.
//   npx jiti examples/engine/faster.ts [updates] [width] [batch]
const [updates = 30, width = 512, batch = 64] = process.argv.slice(2).map(Number);
const [rate, beta1, beta2, epsilon] = [1e-3, 0.9, 0.999, 1e-7];

const numbers = (shape: number[], seed: number, deviation = 1): HostTensor => ({
  shape,
  data: tf.tidy(() => tf.randomNormal(shape, 0, deviation, 'float32', seed).dataSync<'float32'>()),
});
const sizes = [784, width, width, 10];
const start = sizes.slice(1).map((to, i) => {
  const from = sizes[i] ?? 1;
  return numbers([from, to], i + 1, Math.sqrt(2 / from));
});
const x = numbers([batch, 784], 10);
const digit = (_: unknown, i: number) => (i % 10 === Math.floor(i / 10) % 10 ? 1 : 0);
const y: HostTensor = {
  shape: [batch, 10],
  data: Float32Array.from({ length: batch * 10 }, digit),
};

/** Cross-entropy of a network of dense layers with ReLU. */
function lossOf(weights: readonly tf.Tensor[], input: tf.Tensor, wanted: tf.Tensor): tf.Scalar {
  const logits = weights.reduce((h, w, i) => tf.matMul(i === 0 ? h : tf.relu(h), w), input);
  return tf.mean<tf.Scalar>(tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, wanted), 1)));
}

async function onWasm(): Promise<{ loss: number; seconds: number }> {
  await tf.setBackend('wasm');
  const tensor = ({ data, shape }: HostTensor): tf.Tensor => tf.tensor(data, [...shape]);
  const weights = start.map((w) => tf.variable(tensor(w)));
  const [input, wanted] = [tensor(x), tensor(y)];
  const optimizer = tf.train.adam(rate, beta1, beta2, epsilon);
  let [loss, begun] = [NaN, 0];
  for (let update = 0; update <= updates; update++) {
    if (update === 1) begun = performance.now();
    const value = optimizer.minimize(() => lossOf(weights, input, wanted), true);
    loss = (await value?.data())?.[0] ?? NaN;
    value?.dispose();
  }
  return { loss, seconds: (performance.now() - begun) / 1000 / updates };
}

async function compiled(): Promise<{ loss: number; seconds: number }> {
  const entries = (name: string, of: (w: HostTensor) => HostTensor) =>
    start.map((w, i) => [`${name}${i}`, of(w)] as const);
  const zeros = ({ shape, data }: HostTensor) => ({ shape, data: new Float32Array(data.length) });
  const state: Record<string, HostTensor> = Object.fromEntries([
    ...entries('w', (w) => w),
    ...entries('m', zeros),
    ...entries('v', zeros),
  ]);
  const step = await compile(
    (
      now: Record<string, tf.Tensor>,
      { x, y, slow, fast }: Record<'x' | 'y' | 'slow' | 'fast', tf.Tensor>,
    ) => {
      const of = (name: string): tf.Tensor[] => start.flatMap((_, i) => now[`${name}${i}`] ?? []);
      const [weights, ms, vs] = [of('w'), of('m'), of('v')];
      const { value, grads } = tf.valueAndGrads((...w) => lossOf(w, x, y))(weights);
      const next: Record<string, tf.Tensor> = {};
      grads.forEach((gradient, i) => {
        const [w, m, v] = [weights[i], ms[i], vs[i]];
        if (w === undefined || m === undefined || v === undefined) throw new Error('no weight');
        const mean = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
        const square = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const root = tf.add(tf.sqrt(tf.div(square, fast)), epsilon);
        next[`m${i}`] = mean;
        next[`v${i}`] = square;
        next[`w${i}`] = tf.sub(w, tf.mul(tf.div(tf.div(mean, slow), root), rate));
      });
      return { state: next, outputs: { value } };
    },
    { state, threads: 1 },
  );
  let [loss, begun] = [NaN, 0];
  for (let update = 0; update <= updates; update++) {
    if (update === 1) begun = performance.now();
    const [slow, fast] = [1 - beta1 ** (update + 1), 1 - beta2 ** (update + 1)];
    loss = (await step.run({ x, y, slow, fast })).value.data[0] ?? NaN;
  }
  const seconds = (performance.now() - begun) / 1000 / updates;
  await step.close();
  return { loss, seconds };
}

const [wasm, ours] = [await onWasm(), await compiled()];
const inWords = ({ loss, seconds }: typeof wasm): string =>
  `${(1000 * seconds).toFixed(1)} ms an update, loss ${loss.toFixed(4)} after ${updates + 1}`;
console.log(`tf.train on wasm: ${inWords(wasm)}`);
console.log(`ncn/engine, one thread: ${inWords(ours)}`);
console.log(`${(wasm.seconds / ours.seconds).toFixed(1)} times as fast`);
