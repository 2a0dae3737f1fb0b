import { definePlugin, tf, z, type ConfigurationPayload, type Optimizer, type Phase } from 'ncn';

const gathered = 'gathered';
const due = 'gathered/due';

/**
 * The same optimizer on the mean of the gradients of `batches` updates: it makes a step at every
 * one of that number, and the weights stay in between. Its schedules go on counting the updates of
 * the phase.
 */
export function accumulating(inner: Optimizer, batches: number): Optimizer {
  return {
    ...inner,
    slots: [...inner.slots, gathered],
    scalars: (step, update) => ({
      ...inner.scalars(Math.ceil(step / batches), update),
      [due]: Number(step % batches === 0),
    }),
    apply(step) {
      const old = (name: string): tf.Tensor => step.slots.get(name) ?? tf.zerosLike(step.value);
      const now = step.scalars.get(due) ?? tf.scalar(1);
      const later = tf.sub(1, now);
      const sum = tf.add(old(gathered), tf.div(step.gradient, batches));
      const next = inner.apply({ ...step, gradient: sum });
      // Exact, since one of the two factors is 0 and the other 1.
      const choose = (changed: tf.Tensor, kept: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(changed, now), tf.mul(kept, later));
      const slots = new Map(
        [...next.slots].map(([name, slot]): [string, tf.Tensor] => [name, choose(slot, old(name))]),
      );
      slots.set(gathered, tf.mul(sum, later));
      return { value: choose(next.value, step.value), slots };
    },
  };
}

/** How many gradients a phase gives to each network that it updates. */
function gradientsIn({ updates, order }: Phase): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { network } of order) counts.set(network, (counts.get(network) ?? 0) + updates);
  return counts;
}

/** A large batch in the memory of a small one: k updates of the run make one of the weights. */
export default definePlugin({
  name: 'gradients.accumulate',
  version: '1.1.0',
  summary: 'the optimizers make a step with the mean gradient of several updates',
  options: z.strictObject({
    batches: z.int().positive().default(4).describe('updates whose gradients make one step'),
  }),
  setup({ hooks, log, options: { batches } }) {
    let reject: ConfigurationPayload['reject'] | undefined;
    hooks.configuration.tap((payload) => {
      ({ reject } = payload);
    });
    hooks.phases.tap(
      ({ phases }) => {
        for (const phase of phases) {
          for (const [network, count] of gradientsIn(phase)) {
            if (count === 0 || count >= batches) continue;
            const why = `phase '${phase.name}' gives '${network}' ${count} gradients: it would never make a step`;
            reject?.('gradients.accumulate.batches', why);
          }
        }
      },
      { stage: 'last' },
    );
    hooks.runStart.tap(({ run }) => {
      for (const phase of run.phases) {
        for (const [network, count] of gradientsIn(phase)) {
          const rest = count % batches;
          if (rest === 0) continue;
          log.warn(
            `phase '${phase.name}' gives '${network}' ${count} gradients, ${batches} of which make a step: the last ${rest} make none`,
          );
        }
      }
    });
    hooks.optimizers.tap(
      ({ wrap }) => {
        wrap((optimizer) => accumulating(optimizer, batches));
      },
      { stage: 'late' },
    );
  },
});
