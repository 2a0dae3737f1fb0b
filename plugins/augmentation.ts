import { definePlugin, tf, z, type AugmentedBatch, type Draw } from 'ncn';

const range = (low: number, high: number) => z.tuple([z.number(), z.number()]).default([low, high]);

const options = z.strictObject({
  variant: z
    .enum(['A', 'B', 'C'])
    .default('A')
    .describe(
      'A: reference as it is → a·target. B: b·reference → a·target. C: b·reference → target',
    ),
  gains: range(0.2, 1).describe('range of the gains a and b, one number each per batch'),
  noise: range(0, 1).describe('range of the noise, one number per pixel'),
  clip: z.number().default(1).describe('the mixture is clipped at this value'),
  independentReferenceGain: z
    .boolean()
    .default(false)
    .describe('B and C: show c·reference with a gain c of its own, instead of b·reference'),
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
    const shown = o.independentReferenceGain ? 'c' : 'b';
    hooks.augmentation.tap(({ set }) =>
      set({
        name: `augmentation ${o.variant}`,
        draws: {
          a: uniform('batch', o.gains),
          b: uniform('batch', o.gains),
          ...(o.independentReferenceGain ? { c: uniform('batch', o.gains) } : {}),
          noise: uniform('pixel', o.noise),
        },
        apply({ target, reference }, draws, mode): AugmentedBatch {
          const draw = (name: string) => draws.get(name) ?? tf.scalar(1);
          const scaled = tf.mul<tf.Tensor4D>(target, draw('a'));
          const mixed = tf.add(tf.add(scaled, tf.mul(reference, draw('b'))), draw('noise'));
          const input = tf.minimum<tf.Tensor4D>(mixed, o.clip);
          const constant = mode === 'train' ? o.targetScale : o.evaluationTargetScale;
          return {
            input,
            reference: o.variant === 'A' ? reference : tf.mul(reference, draw(shown)),
            target: o.variant === 'C' ? tf.mul(target, constant) : scaled,
          };
        },
      }),
    );
  },
});
