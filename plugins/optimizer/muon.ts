import {
  definePlugin,
  positiveFloat,
  nonnegativeSchedule,
  tf,
  updateNumber,
  z,
  type Optimizer,
} from 'ncn';
import { adamw } from './adamw.js';
import { decay, lessDecay, others, scalar, slot } from './common.js';

const options = z.strictObject({
  learningRate: nonnegativeSchedule()
    .default(2e-3)
    .describe('step size, α, of matrices and of the others'),
  warmUp: updateNumber().default(0).describe('updates over which the step size grows to its value'),
  momentum: decay().default(0.95).describe('decay of the sum of the gradients of matrices'),
  steps: z.int().min(1).max(10).default(5).describe('iterations that make a matrix orthogonal'),
  beta1: decay().default(0.9).describe('AdamW’s, for what is no matrix'),
  beta2: decay().default(0.999).describe('AdamW’s, for what is no matrix'),
  epsilon: positiveFloat().default(1e-8).describe('AdamW’s, for what is no matrix'),
  weightDecay: z
    .number()
    .nonnegative()
    .default(1e-2)
    .describe('share of a weight lost per step, ÷ α'),
});

/** Coefficients of the iteration, from Jordan's page. */
const [a, b, c] = [3.4445, -4.775, 2.0315];

/**
 * A matrix with all singular values brought near 1: X ← aX + (bXXᵀ + c(XXᵀ)²)X, from X / ‖X‖.
 * @param x [rows, columns]
 */
export function orthogonalised(x: tf.Tensor2D, steps: number): tf.Tensor2D {
  const [rows, columns] = x.shape;
  const wide = rows <= columns ? x : tf.transpose(x);
  let y = tf.div<tf.Tensor2D>(wide, tf.add(tf.sqrt(tf.sum(tf.square(wide))), 1e-7));
  for (let i = 0; i < steps; i++) {
    const square = tf.matMul(y, y, false, true);
    const both = tf.add<tf.Tensor2D>(tf.mul(square, b), tf.mul(tf.matMul(square, square), c));
    y = tf.add<tf.Tensor2D>(tf.mul(y, a), tf.matMul(both, y));
  }
  return rows <= columns ? y : tf.transpose(y);
}

/**
 * Muon, Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024), with the
 * scale and the weight decay of Liu et al., "Muon is scalable for LLM training" (2025), equation 4,
 * which make AdamW's step sizes fit. Kernels are matrices [all axes but the last, last]; what has one
 * axis is updated by AdamW.
 */
export function muon(o: z.output<typeof options>): Optimizer {
  const rest = adamw({ ...o, decayed: 'all' });
  return {
    ...rest,
    name: 'muon',
    scalars: (step, update) => ({
      ...rest.scalars(step, update),
      step: rest.learningRate?.(update) ?? 0,
    }),
    apply(step) {
      const { value, gradient } = step;
      const columns = value.shape.at(-1) ?? 1;
      const rows = value.size / Math.max(1, columns);
      if (value.rank < 2 || rows < 2 || columns < 2) return rest.apply(step);
      const m = tf.add(tf.mul(slot(step, 'm'), o.momentum), gradient);
      const ahead = tf.add(gradient, tf.mul(m, o.momentum));
      const matrix = tf.reshape<tf.Rank.R2>(ahead, [rows, columns]);
      const direction = tf.reshape(orthogonalised(matrix, o.steps), value.shape);
      const size = 0.2 * Math.sqrt(Math.max(rows, columns));
      const change = tf.mul(tf.mul(direction, size), scalar(step, 'step'));
      const kept = new Map([
        ['m', m],
        ['v', slot(step, 'v')],
      ]);
      return { value: tf.sub(lessDecay(step, 'all'), change), slots: kept };
    },
  };
}

export default definePlugin({
  name: 'optimizer.muon',
  version: '1.0.0',
  summary: 'Muon: steps of orthogonal matrices, one for each network and phase',
  options,
  replaces: others('optimizer.muon'),
  setup({ hooks, options: o }) {
    hooks.optimizers.tap(({ networks, set }) => {
      for (const network of networks) set(network, muon(o));
    });
  },
});
