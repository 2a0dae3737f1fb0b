import { tf, z, type Shape } from 'ncn';

/** What of a batch a conditional discriminator can see beside the picture that it judges. */
const conditions = ['input', 'reference'] as const;

/** Its inputs, for a batch with these roles. */
export const seenInputs = (roles: ReadonlyMap<string, Shape>): Record<string, string> => ({
  image: 'target',
  ...Object.fromEntries(conditions.flatMap((role) => (roles.has(role) ? [[role, role]] : []))),
});

/** The picture and what is seen beside it, one behind the other in the channels. */
export const together = (inputs: Readonly<Record<string, tf.Tensor>>): tf.Tensor =>
  tf.concat(Object.values(inputs), -1);

export const outputOption = () =>
  z
    .enum(['sigmoid', 'linear'])
    .default('sigmoid')
    .describe('sigmoid goes with the losses log and least-squares, linear with all but log');
