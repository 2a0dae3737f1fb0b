import { definePlugin, updateNumber, z } from 'ncn';

/** Multiplies learning rates by a cosine that starts again: SGDR, Loshchilov and Hutter (2017). */
export default definePlugin({
  name: 'restarts',
  version: '1.0.0',
  summary: 'cosine decay of the learning rates with warm restarts',
  options: z.strictObject({
    period: updateNumber().default(50_000).describe('updates from one restart to the next'),
    floor: z.number().min(0).max(1).default(0.01).describe('factor at the end of a period'),
  }),
  setup({ hooks, options: { period, floor } }) {
    const factor = (update: number): number => {
      const progress = ((update - 1) % Math.max(1, period)) / Math.max(1, period);
      return floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
    };
    hooks.schedules.tap(({ scalars, replace }) => {
      // For each update of a network those that are a multiple of its learning rate, the decay of
      // weights too: optimizer/0/discriminator/rate, …
      const rates = scalars.filter((name) => /^optimizer\/\d+\/.*\/(rate|step|decay)$/.test(name));
      if (rates.length === 0) throw new Error('no optimizer of this run has a learning rate');
      for (const rate of rates) replace(rate, (update, declared) => declared * factor(update));
    });
  },
});
