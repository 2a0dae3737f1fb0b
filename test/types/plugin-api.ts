/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return --
   what does not exist is used on purpose */
import { expectTypeOf } from 'vitest';
import {
  definePlugin,
  LogToken,
  MetricsLogToken,
  schedule,
  tf,
  token,
  toSchedule,
  z,
  type EvaluatedBatch,
  type EvaluatedExample,
  type EventLog,
  type HookName,
  type HostTensor,
  type LossContext,
  type Measured,
  type PayloadOf,
  type Phase,
  type ScheduleOption,
} from 'ncn';
import type * as P from '../../core/hooks/payloads.js';

// Checked by the compiler, not run: what follows from a plugin's definition, and what is refused.

/** The payload of every hook. */
interface Payloads {
  configuration: P.ConfigurationPayload;
  services: P.ServicesPayload;
  datasets: P.DatasetsPayload;
  dataset: P.DatasetPayload;
  media: P.MediaPayload;
  augmentation: P.AugmentationPayload;
  networks: P.NetworksPayload;
  losses: P.LossesPayload;
  optimizers: P.OptimizersPayload;
  phases: P.PhasesPayload;
  transforms: P.TransformsPayload;
  schedules: P.SchedulesPayload;
  metrics: P.MetricsPayload;
  evaluations: P.EvaluationsPayload;
  runStart: P.RunStartPayload;
  checkpointRestore: P.CheckpointRestorePayload;
  phaseStart: P.PhasePayload;
  updateStart: P.UpdatePayload;
  networkUpdateStart: P.NetworkUpdatePayload;
  networkUpdateEnd: P.NetworkUpdatePayload;
  updateEnd: P.UpdateEndPayload;
  evaluationStart: P.EvaluationPayload;
  evaluationEnd: P.EvaluationEndPayload;
  checkpointSave: P.CheckpointSavePayload;
  checkpointSaved: P.CheckpointSavedPayload;
  phaseEnd: P.PhasePayload;
  trainingEnd: P.TrainingEndPayload;
  runEnd: P.RunEndPayload;
  interruption: P.InterruptionPayload;
  failure: P.FailurePayload;
}
expectTypeOf<{ [K in HookName]: PayloadOf<K> }>().toEqualTypeOf<Payloads>();

interface Counter {
  add(by: number): number;
}
const CounterToken = token<Counter>('counter');

const options = z.strictObject({
  weight: schedule().default(1),
  kind: z.enum(['l1', 'l2']).default('l1'),
  label: z.string().optional(),
});

export const typed = definePlugin({
  name: 'types',
  version: '1.0.0',
  summary: 'a plugin whose types are inferred',
  options,
  setup({ hooks, options: o, services, persist }) {
    expectTypeOf(o.kind).toEqualTypeOf<'l1' | 'l2'>();
    expectTypeOf(o.weight).toEqualTypeOf<ScheduleOption>();
    expectTypeOf(o.label).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: a typo in an option
    toSchedule(o.wieght);
    // @ts-expect-error: a kind that the schema does not know
    if (o.kind === 'l3') return;
    // @ts-expect-error: options cannot be changed into another type
    toSchedule(o.kind);

    hooks.phases.tap((payload) => {
      expectTypeOf(payload).toEqualTypeOf<P.PhasesPayload>();
      expectTypeOf(payload.phases).toEqualTypeOf<readonly Phase[]>();
      // @ts-expect-error: a phase says how long it lasts
      payload.add({ name: 'short', order: [] });
    });
    hooks.augmentation.tap(({ set }) => {
      set({
        name: 'mixture',
        takes: { clean: { signal: 'speech' } },
        draws: { level: { per: 'example', distribution: 'choice', values: [0.5, 1] } },
        makes: ['input', 'target'],
        apply({ clean }, { level }, mode) {
          expectTypeOf(clean).toEqualTypeOf<tf.Tensor>();
          expectTypeOf(mode).toEqualTypeOf<'train' | 'evaluate'>();
          return { input: tf.mul(clean, level), target: clean };
        },
      });
      set({
        name: 'mixture',
        takes: { clean: { signal: 'speech' } },
        draws: {},
        makes: ['input', 'target'],
        // @ts-expect-error: a role that it declares is missing
        apply: ({ clean }) => ({ input: clean }),
      });
      set({
        name: 'mixture',
        takes: { clean: { signal: 'speech' } },
        draws: {},
        makes: ['target'],
        // @ts-expect-error: a signal that it does not take
        apply: ({ noise }) => ({ target: noise }),
      });
      set({
        name: 'mixture',
        takes: { clean: { signal: 'speech' } },
        // @ts-expect-error: a normal draw has a mean and a deviation
        draws: { level: { per: 'example', distribution: 'normal', low: 0, high: 1 } },
        makes: ['target'],
        apply: ({ clean }) => ({ target: clean }),
      });
    });
    hooks.networks.tap(({ add }) => {
      add({
        name: 'net',
        main: true,
        inputs: { x: 'input', code: [16] },
        forward(layers, { x, code }) {
          expectTypeOf(x).toEqualTypeOf<tf.Tensor>();
          expectTypeOf(
            layers.conv1d('c', x, { filters: 1, kernel: 3 }),
          ).toEqualTypeOf<tf.Tensor3D>();
          return tf.add(x, layers.dense('d', code, 1));
        },
      });
      add({
        name: 'net',
        // @ts-expect-error: an input is a role or a shape, not a number of channels
        inputs: { x: 1 },
        forward: (_, { x }) => x,
      });
      add({
        name: 'net',
        inputs: { x: 'input' },
        // @ts-expect-error: an input that it does not declare
        forward: (_, { y }) => y,
      });
    });
    hooks.losses.tap(({ add, main }) => {
      expectTypeOf(main).toEqualTypeOf<string>();
      add({
        name: 'loss',
        network: main,
        weight: toSchedule(o.weight),
        value(context) {
          expectTypeOf(context).toEqualTypeOf<LossContext>();
          expectTypeOf(context.signal('target')).toEqualTypeOf<tf.Tensor>();
          // @ts-expect-error: roles are asked for by name
          tf.sub(context.target, context.output);
          return tf.mean<tf.Scalar>(context.output);
        },
      });
      add({
        name: 'loss',
        network: 'generator',
        weight: toSchedule(1),
        // @ts-expect-error: a loss is one number, not signals
        value: ({ output }) => output,
      });
      add({
        name: 'loss',
        network: 'generator',
        // @ts-expect-error: a draw is per batch, example or element
        draws: { mix: { per: 'channel', low: 0, high: 1 } },
        weight: toSchedule(1),
        value: () => tf.scalar(0),
      });
    });
    // @ts-expect-error: no such hook
    hooks.loses.tap(() => undefined);
    // @ts-expect-error: no such stage
    hooks.losses.tap(() => undefined, { stage: 'latest' });
    // @ts-expect-error: the payload of another hook
    hooks.losses.tap((payload: P.PhasesPayload) => payload.updates);
    hooks.runEnd.tap(({ summary, run }) => {
      summary.set('answer', 42);
      // @ts-expect-error: a summary holds numbers and texts
      summary.set('answer', [42]);
      // @ts-expect-error: a run hook sees, and does not change
      run.seed = 2;
    });
    hooks.evaluations.tap(({ add }) => {
      add({
        name: 'mine',
        async run(context) {
          const batch = await context.batch({
            examples: { target: Uint32Array.of(0), reference: Uint32Array.of(1) },
            stream: 'mine',
            position: 0,
            weights: null,
          });
          expectTypeOf(batch).toEqualTypeOf<EvaluatedBatch>();
          const output = await context.infer({ inputs: { input: batch.output } });
          expectTypeOf(output).toEqualTypeOf<HostTensor>();
          const measured = await context.measure({ ...batch, output });
          expectTypeOf(measured).toEqualTypeOf<Measured>();
          return { metrics: measured.means, shown: batch };
        },
      });
    });

    hooks.metrics.tap(({ add }) => {
      add({
        name: 'loudness',
        better: null,
        value(example) {
          expectTypeOf(example).toEqualTypeOf<EvaluatedExample>();
          return Math.max(...example.output.data);
        },
      });
      // @ts-expect-error: a metric says which way is better, or that neither is
      add({ name: 'loudness', value: () => 0 });
      // @ts-expect-error: the value of an example is a number
      add({ name: 'loudness', better: 'lower', value: ({ output }) => output });
    });
    hooks.media.tap(({ add }) => {
      // @ts-expect-error: a medium also reads and writes files
      add({ name: 'mine', fits: () => true, draw: () => ({}) });
    });

    expectTypeOf(services.get(MetricsLogToken)).toEqualTypeOf<EventLog>();
    hooks.services.tap(({ services: own }) => {
      own.provide(CounterToken, { add: (by) => by + 1 });
      // @ts-expect-error: a counter adds
      own.provide(CounterToken, { subtract: () => 0 });
    });
    expectTypeOf(services.get(CounterToken)).toEqualTypeOf<Counter>();
    // @ts-expect-error: the service of another token
    services.get(LogToken).add(1);

    persist({
      schema: z.strictObject({ best: z.number().nullable(), since: z.int() }),
      save: () => ({ best: null, since: 0 }),
      restore(state) {
        expectTypeOf(state).toEqualTypeOf<{ best: number | null; since: number }>();
      },
    });
    persist({
      schema: z.strictObject({ best: z.number() }),
      // @ts-expect-error: what is saved must be what the schema checks
      save: () => ({ best: 'yes' }),
      restore: () => undefined,
    });
  },
});

// @ts-expect-error: a plugin has a version
definePlugin({ name: 'no.version', summary: '', options, setup: () => undefined });
