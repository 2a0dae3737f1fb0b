import { definePlugin, diverged, RunDirectoryToken, z, type UpdateEndPayload } from 'ncn';

const options = z.strictObject({
  every: z
    .int()
    .positive()
    .default(1)
    .describe('updates between checks of the losses; those of the last one are checked as well'),
});

const isBad = (value: number): boolean => !Number.isFinite(value);

/**
 * Stops a run whose losses are no longer numbers, and says how to see it happen again. What the last
 * update made of the networks shows in no loss: so evaluated outputs are looked at, and the weights
 * at the end.
 */
export default definePlugin({
  name: 'guard',
  version: '1.0.0',
  summary: 'stops a run that diverges',
  options,
  setup({ hooks, services, options: { every } }) {
    let last: Pick<UpdateEndPayload, 'scalars' | 'batch'> | undefined;
    let values: ReadonlyMap<string, number> = new Map();
    const stop = async (update: number, bad: ReadonlyMap<string, number>): Promise<void> => {
      if (bad.size === 0) return;
      const { scalars = new Map<string, number>(), batch = () => new Map() } = last ?? {};
      const what = { update, bad, metrics: values, scalars, batch: batch() };
      throw await diverged(services.get(RunDirectoryToken), what);
    };
    hooks.updateEnd.tap(
      async ({ update, phase, phaseUpdate, scalars, metrics, batch }) => {
        last = { scalars, batch };
        values = new Map();
        if (update % every !== 0 && phaseUpdate !== phase.updates) return;
        values = await metrics();
        await stop(update, new Map([...values].filter(([, value]) => isBad(value))));
      },
      { stage: 'first' },
    );
    hooks.evaluationEnd.tap(
      async ({ name, update, result }) => {
        const value = update === 0 ? undefined : result.shown?.output.data.find(isBad);
        if (value !== undefined) await stop(update, new Map([[`output of '${name}'`, value]]));
      },
      { stage: 'first' },
    );
    hooks.trainingEnd.tap(
      async ({ run, update, state }) => {
        const trained = new Set(run.phases.flatMap(({ order }) => order.map((u) => u.network)));
        const bad = new Map<string, number>();
        for (const [name, { data }] of await state()) {
          const network = name.split('/')[0] ?? '';
          const value = trained.has(network) ? data.find(isBad) : undefined;
          if (value === undefined) continue;
          bad.set(name, value);
          // One for each network says it.
          trained.delete(network);
        }
        await stop(update, bad);
      },
      { stage: 'first' },
    );
  },
});
