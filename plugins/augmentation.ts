import { definePlugin, tf, z, type Draw } from 'ncn';

const range = (low: number, high: number) => z.tuple([z.number(), z.number()]).default([low, high]);

const options = z.strictObject({
  variant: z
    .enum(['A', 'B', 'C'])
    .default('A')
    .describe(
      'A: reference as it is → a·target. B: b·reference → a·target. C: b·reference → target',
    ),
  gains: range(0.2, 1).describe('range of the gains a and b, one number each per batch'),
  noise: range(0, 1).describe('range of the noise, one number per element'),
  clip: z.number().default(1).describe('the mixture is clipped at this value'),
  independentReferenceGain: z
    .boolean()
    .default(false)
    .describe('B and C: show c·reference with a gain c of its own, instead of b·reference'),
  signal: z.string().default('image').describe('signal of the data set that is mixed'),
  targetScale: z.number().default(1).describe('C: constant scale of the target in training'),
  evaluationTargetScale: z.number().default(1).describe('C: the same at evaluation'),
});

/** The mixture of figure 10: input = min(1, a·target + b·reference + noise). */
export default definePlugin({
  name: 'augmentation',
  version: '1.0.0',
  summary: 'mixes target, reference and noise; variants A, B and C of the post',
  options,
  setup({ hooks, options: o }) {
    const uniform = (per: Draw['per'], [low, high]: readonly [number, number]): Draw => ({
      per,
      low,
      high,
    });
    const gain = uniform('batch', o.gains);
    hooks.augmentation.tap(({ set }) =>
      set({
        name: `augmentation ${o.variant}`,
        // Each with examples of its own: a picture, and another one as reference.
        takes: {
          target: { signal: o.signal, sequence: 'target' },
          reference: { signal: o.signal, sequence: 'reference' },
        },
        draws: {
          a: gain,
          b: gain,
          noise: uniform('element', o.noise),
          ...(o.independentReferenceGain ? { c: gain } : {}),
        },
        makes: ['input', 'reference', 'target'],
        apply({ target, reference }, { a, b, c, noise }, mode) {
          const shown = o.independentReferenceGain ? c : b;
          const scaled = tf.mul(target, a);
          const mixed = tf.add(tf.add(scaled, tf.mul(reference, b)), noise);
          const constant = mode === 'train' ? o.targetScale : o.evaluationTargetScale;
          return {
            input: tf.minimum(mixed, o.clip),
            reference: o.variant === 'A' ? reference : tf.mul(reference, shown),
            target: o.variant === 'C' ? tf.mul(target, constant) : scaled,
          };
        },
      }),
    );
  },
});
