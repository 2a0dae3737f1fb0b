import { definePlugin, diverged, RunDirectoryToken, z } from 'ncn';

const options = z.strictObject({
  every: z.int().positive().default(1).describe('updates between checks of the losses'),
});

/** Stops a run whose losses are no longer numbers, and says how to see it happen again. */
export default definePlugin({
  name: 'guard',
  version: '1.0.0',
  summary: 'stops a run that diverges',
  options,
  setup({ hooks, services, options: { every } }) {
    hooks.updateEnd.tap(
      async ({ update, scalars, metrics, batch }) => {
        if (update % every !== 0) return;
        const values = await metrics();
        const bad = [...values].filter(([, value]) => !Number.isFinite(value));
        if (bad.length === 0) return;
        const run = services.get(RunDirectoryToken);
        const what = { update, bad: new Map(bad), metrics: values, scalars, batch: batch() };
        throw await diverged(run, what);
      },
      { stage: 'first' },
    );
  },
});
