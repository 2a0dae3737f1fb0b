import type { CheckpointContent } from '../../../core/run/checkpoints.js';

/** A small state that is different for every update. */
export function stateAt(update: number): CheckpointContent {
  const data = Float32Array.from({ length: 30_000 }, (_, i) => Math.fround(Math.sin(update + i)));
  return {
    update,
    position: { phase: 'adversarial', update, log: update * 100 },
    plugins: { counter: { seen: update, zero: -0 }, empty: null },
    tensors: new Map([
      ['generator/conv1/kernel', { shape: [3, 100, 100], data }],
      ['adam/step', { shape: [], data: Float32Array.of(update) }],
    ]),
  };
}
