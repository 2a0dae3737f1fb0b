import type { HookSettings } from './guard.js';
import { Hook, type HookKind } from './hook.js';
import type * as P from './payloads.js';

/**
 * All hooks, in the order in which they fire. Build hooks run once before training; run hooks
 * fire while it runs.
 */
export class Lifecycle {
  readonly settings: HookSettings = { timeoutSeconds: 300, account: new Map() };

  readonly configuration = this.build<P.ConfigurationPayload>(
    'configuration',
    'after the configuration is resolved: check it, refuse it, add notes',
  );
  readonly services = this.build<P.ServicesPayload>(
    'services',
    'provide services to other plugins',
  );
  readonly datasets = this.build<P.DatasetsPayload>('datasets', 'offer data sets');
  readonly dataset = this.build<P.DatasetPayload>(
    'dataset',
    'after the data set is loaded: replace it, choose how batches are sampled',
  );
  readonly media = this.build<P.MediaPayload>(
    'media',
    'offer media: how signals are read, written and shown to people',
  );
  readonly augmentation = this.build<P.AugmentationPayload>(
    'augmentation',
    'set what a batch consists of: how signals of the data set become what networks see',
  );
  readonly networks = this.build<P.NetworksPayload>('networks', 'add networks');
  readonly losses = this.build<P.LossesPayload>('losses', 'add loss terms to networks');
  readonly optimizers = this.build<P.OptimizersPayload>(
    'optimizers',
    'give networks their optimizer',
  );
  readonly phases = this.build<P.PhasesPayload>('phases', 'add phases and their update order');
  readonly transforms = this.build<P.TransformsPayload>(
    'transforms',
    'change gradients before the optimizer, or keep state that follows a network',
  );
  readonly schedules = this.build<P.SchedulesPayload>(
    'schedules',
    'replace the schedule of a scalar of the training step',
  );
  readonly metrics = this.build<P.MetricsPayload>(
    'metrics',
    'offer metrics, which every evaluation reports',
  );
  readonly evaluations = this.build<P.EvaluationsPayload>('evaluations', 'offer evaluations');

  readonly runStart = this.run<P.RunStartPayload>(
    'runStart',
    'before the first update of this process',
  );
  readonly checkpointRestore = this.run<P.CheckpointRestorePayload>(
    'checkpointRestore',
    'on resume, before runStart: restore the state a plugin saved',
  );
  readonly phaseStart = this.run<P.PhasePayload>(
    'phaseStart',
    'before the first update of a phase',
  );
  readonly updateStart = this.run<P.UpdatePayload>('updateStart', 'before each update');
  readonly networkUpdateStart = this.run<P.NetworkUpdatePayload>(
    'networkUpdateStart',
    "before each network's update; an update runs as one step, so all of them fire before it",
  );
  readonly networkUpdateEnd = this.run<P.NetworkUpdatePayload>(
    'networkUpdateEnd',
    "after each network's update, in the phase's order, once the step has run",
  );
  readonly updateEnd = this.run<P.UpdateEndPayload>(
    'updateEnd',
    'after each update: read metrics, ask for an evaluation, a checkpoint or the end',
  );
  readonly evaluationStart = this.run<P.EvaluationPayload>(
    'evaluationStart',
    'before an evaluation',
  );
  readonly evaluationEnd = this.run<P.EvaluationEndPayload>(
    'evaluationEnd',
    'after an evaluation: its metrics and examples',
  );
  readonly checkpointSave = this.run<P.CheckpointSavePayload>(
    'checkpointSave',
    'before a checkpoint is written: save the state of a plugin',
  );
  readonly checkpointSaved = this.run<P.CheckpointSavedPayload>(
    'checkpointSaved',
    'after a checkpoint is safely on disk',
  );
  readonly phaseEnd = this.run<P.PhasePayload>('phaseEnd', 'after the last update of a phase');
  readonly trainingEnd = this.run<P.TrainingEndPayload>(
    'trainingEnd',
    'after the last update: ask for final evaluations and a checkpoint',
  );
  readonly runEnd = this.run<P.RunEndPayload>('runEnd', 'after the final evaluations: summaries');
  readonly interruption = this.run<P.InterruptionPayload>(
    'interruption',
    'a signal stopped the run; its state is saved',
  );
  readonly failure = this.run<P.FailurePayload>('failure', 'an error stopped the run');

  /** The plugin whose tap is running. */
  get running(): string | undefined {
    return this.settings.running;
  }

  /** The hooks by name, in the order in which they fire. */
  get all(): readonly Hook<never>[] {
    return Object.values(this).filter((value): value is Hook<never> => value instanceof Hook);
  }

  /** Fixes the order of all taps. @throws NcnError where the order asked for is impossible */
  seal(plugins: ReadonlySet<string>): void {
    for (const hook of this.all) hook.seal(plugins);
  }

  private build<Payload>(name: string, summary: string): Hook<Payload> {
    return new Hook<Payload>(name, 'build', summary, this.settings);
  }

  private run<Payload>(name: string, summary: string): Hook<Payload> {
    return new Hook<Payload>(name, 'run', summary, this.settings);
  }
}

/** Names of the hooks that a plugin can tap. */
export type HookName = {
  [K in keyof Lifecycle]: Lifecycle[K] extends { readonly kind: HookKind } ? K : never;
}[keyof Lifecycle];

export type PayloadOf<K extends HookName> =
  Lifecycle[K] extends Hook<infer Payload> ? Payload : never;
