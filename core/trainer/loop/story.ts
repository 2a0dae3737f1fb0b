import type { Logger } from 'pino';
import type { EngineDescription } from '../../engine/types.js';
import { ExitCode, messageOf, NcnError } from '../../errors/error.js';
import type { RunInfo } from '../../hooks/payloads.js';
import type { Prepared } from '../build/prepare.js';
import type { RunObserver } from './observer.js';
import type { Outcome } from './trainer.js';

/** Writes down what a run does, for `log.jsonl`: each line says it in words and in numbers. */
export class Story {
  constructor(private readonly log: Logger) {}

  begins({ experiment, dataset, notes }: Prepared, engine: EngineDescription, run: RunInfo): void {
    const { preset, profile, variant, core, plugins } = experiment;
    const begun = run.resumed ? `resumes at update ${run.startedAt}` : 'starts';
    this.log.info(
      {
        event: 'start',
        preset: preset.name,
        profile,
        variant,
        seed: core.seed,
        resumed: run.resumed,
        update: run.startedAt,
        plugins: plugins.map(({ loaded: { plugin } }) => `${plugin.name} ${plugin.version}`),
      },
      `${preset.name} (${profile}, seed ${core.seed}) ${begun}`,
    );
    const { name, device } = engine;
    this.log.info({ event: 'engine', engine: name, device }, `engine ${name} on ${device}`);
    const { name: data, hash, notice = null } = dataset;
    this.log.info({ event: 'data', dataset: data, hash, notice }, `data set ${data}`);
    const phases = run.phases.map(({ name: phase, updates }) => ({ phase, updates }));
    this.log.info(
      { event: 'plan', phases, batch: run.batchSize },
      `plan: ${phases.map((p) => `${p.updates} updates of ${p.phase}`).join(', then ')}, ${run.batchSize} examples a batch`,
    );
    for (const note of notes) this.log.info({ event: 'note' }, note);
  }

  /** The same observer, with what it is told written down. */
  observing(observer: RunObserver): RunObserver {
    return {
      get update() {
        return observer.update;
      },
      evaluation: async (event) => {
        const { name, update, metrics } = event;
        this.log.info(
          { event: 'evaluation', evaluation: name, update, metrics: Object.fromEntries(metrics) },
          `evaluation ${name} at update ${update}`,
        );
        await observer.evaluation?.(event);
      },
      checkpoint: async (event) => {
        const { update, path } = event;
        this.log.info({ event: 'checkpoint', update, path }, `checkpoint of update ${update}`);
        await observer.checkpoint?.(event);
      },
    };
  }

  phase(
    what: 'begins' | 'ends',
    { name, updates }: RunInfo['phases'][number],
    update: number,
  ): void {
    const text = `phase ${name} ${what} at update ${update}`;
    this.log.info({ event: 'phase', phase: name, what, updates, update }, text);
  }

  ends(outcome: Outcome, update: number, seconds: number, exit: ExitCode): void {
    if (outcome.kind === 'finished') {
      const results = Object.fromEntries(outcome.summary);
      this.log.info(
        { event: 'end', update, seconds, exit, results },
        `finished: ${update} updates`,
      );
      return;
    }
    const { signal } = outcome;
    this.log.warn(
      { event: 'end', update, seconds, exit, signal },
      `stopped by ${signal} at update ${update}; its state is saved`,
    );
  }

  fails(error: unknown, update: number): void {
    const exit = error instanceof NcnError ? error.exit : ExitCode.internal;
    this.log.error({ event: 'end', update, exit, err: error }, `failed: ${messageOf(error)}`);
  }
}
