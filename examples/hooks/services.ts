import { definePlugin, token, z } from 'ncn';

export interface Best {
  report(value: number): void;
  value(): number;
}

/** Whoever imports this token gets the service with its type. */
export const BestToken = token<Best>('best');

export default definePlugin({
  name: 'example.services',
  version: '1.0.0',
  summary: 'offers a service: the best value of a metric so far',
  options: z.strictObject({}),
  setup({ hooks }) {
    let best = Infinity;
    hooks.services.tap(({ services }) => {
      services.provide(BestToken, {
        report: (value) => (best = Math.min(best, value)),
        value: () => best,
      });
    });
  },
});
