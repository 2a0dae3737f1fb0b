import { tf, type Shape } from 'ncn';

/** What a generator is given: the input, and the reference where the task has one. */
export const seenInputs = (roles: ReadonlyMap<string, Shape>): Record<string, string> => ({
  input: 'input',
  ...(roles.has('reference') ? { reference: 'reference' } : {}),
});

/** Channels of what it must give: those of the target. */
export const channelsOf = (roles: ReadonlyMap<string, Shape>): number =>
  (roles.get('target') ?? roles.get('input') ?? []).at(-1) ?? 1;

/** The input, and all that is seen, one behind the other in the channels. */
export function seen(inputs: Readonly<Record<string, tf.Tensor>>) {
  const input = inputs['input'] ?? tf.scalar(NaN);
  return { input, all: tf.concat(Object.values(inputs), -1) };
}
