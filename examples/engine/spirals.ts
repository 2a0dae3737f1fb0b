import { compile, tf } from 'ncn/engine';

// The compiled engine by itself: a small network learns which of two spirals a point belongs to.
//   npx jiti examples/engine/spirals.ts [updates]
const updates = Number(process.argv[2] ?? 1500);
const count = 200;

/** Points of the spirals, and which one each belongs to: 1 or 0. */
const points = Array.from({ length: count }, (_, i) => {
  const angle = 0.5 + (3 * Math.PI * Math.floor(i / 2)) / (count / 2);
  const turn = i % 2 === 0 ? angle : angle + Math.PI;
  return { at: [(angle * Math.cos(turn)) / 10, (angle * Math.sin(turn)) / 10], label: i % 2 };
});
const x = { shape: [count, 2], data: Float32Array.from(points.flatMap(({ at }) => at)) };
const labels = { shape: [count, 1], data: Float32Array.from(points, ({ label }) => label) };

const names = ['w1', 'b1', 'w2', 'b2', 'w3'] as const;
type Name = (typeof names)[number];
type Weights = Record<Name, tf.Tensor>;

const weights: Weights = {
  w1: tf.randomNormal([2, 32], 0, 1, 'float32', 1),
  b1: tf.randomNormal([32], 0, 0.5, 'float32', 2),
  w2: tf.randomNormal([32, 32], 0, 0.25, 'float32', 3),
  b2: tf.zeros([32]),
  w3: tf.randomNormal([32, 1], 0, 0.25, 'float32', 4),
};

function logits({ w1, b1, w2, b2, w3 }: Weights, points: tf.Tensor): tf.Tensor {
  const hidden = tf.tanh(tf.add(tf.matMul(points, w1), b1));
  return tf.matMul(tf.tanh(tf.add(tf.matMul(hidden, w2), b2)), w3);
}

// Gradient descent with momentum: weights and their velocities are the state.
type State = Weights & Record<`velocity/${Name}`, tf.Tensor>;
/** Points, labels, and how far a step goes. */
type Inputs = Record<'x' | 'y' | 'rate', tf.Tensor>;

function step(state: State, { x, y, rate }: Inputs) {
  /** Cross-entropy: softplus(z) − y·z. */
  const lossOf = (...now: tf.Tensor[]): tf.Scalar => {
    const z = logits(Object.fromEntries(names.map((name, i) => [name, now[i]])) as Weights, x);
    return tf.mean(tf.sub(tf.softplus(z), tf.mul(y, z)));
  };
  const { value: loss, grads } = tf.valueAndGrads(lossOf)(names.map((name) => state[name]));
  const next: Record<string, tf.Tensor> = {};
  names.forEach((name, i) => {
    const moved = tf.sub(tf.mul(state[`velocity/${name}`], 0.9), tf.mul(grads[i] ?? 0, rate));
    next[`velocity/${name}`] = moved;
    next[name] = tf.add(state[name], moved);
  });
  return { state: next, outputs: { loss } };
}

const still = Object.fromEntries(
  names.map((name) => [`velocity/${name}`, tf.zerosLike(weights[name])]),
) as Omit<State, Name>;
const network = await compile(step, { state: { ...weights, ...still }, threads: 1 });

for (let update = 1; update <= updates; update++) {
  const { loss } = await network.run({ x, y: labels, rate: 0.1 });
  if (update === 1 || update % 500 === 0 || update === updates) {
    console.log(`update ${update}: loss ${(loss.data[0] ?? NaN).toFixed(4)}`);
  }
}

// Another function takes the trained weights.
const classifier = await compile(
  (state: Weights, { x }: { x: tf.Tensor }) => ({
    outputs: { likely: tf.sigmoid(logits(state, x)) },
  }),
  { state: await network.read(names), threads: 1 },
);
const { likely } = await classifier.run({ x });
const right = points.filter(({ label }, i) => ((likely.data[i] ?? NaN) > 0.5 ? 1 : 0) === label);
console.log(`right: ${right.length} of ${count}`);
await classifier.close();
await network.close();
