import type { EngineSession } from '../../engine/types.js';
import { badContribution } from '../../errors/plugin.js';
import { didYouMean } from '../../errors/nearest.js';
import type { Lifecycle } from '../../hooks/lifecycle.js';
import type {
  Evaluation,
  Inspection,
  Metrics,
  RunControl,
  RunInfo,
  UpdatePayload,
} from '../../hooks/payloads.js';
import type { TrainingStep } from '../../step/program.js';
import type { BatchSource, ProgramFeed } from './batches.js';
import type { Evaluator } from './evaluator.js';
import { Interrupted, type StopSignal } from './interruption.js';
import { Meanwhile } from './meanwhile.js';
import type { RunObserver } from './observer.js';
import type { Position } from './position.js';
import { metricsOf, runUpdate, scalarsOf } from './update.js';

export interface TrainerParts {
  readonly run: RunInfo;
  readonly lifecycle: Lifecycle;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: ReadonlyMap<string, Evaluation>;
  readonly session: EngineSession;
  readonly batches: BatchSource;
  readonly evaluator: Evaluator;
  readonly inspect: (position: Position) => Promise<Inspection>;
  /** Throws `Interrupted` when the run is to stop. */
  readonly safePoint: () => Promise<void>;
  /** Writes a checkpoint of the session's state at this position. */
  readonly save: (position: Position) => Promise<void>;
  readonly keepCheckpoints: (count: number) => void;
  readonly observer: RunObserver;
  /** Is told when a phase begins, and when it ends. */
  readonly onPhase: (
    what: 'begins' | 'ends',
    phase: RunInfo['phases'][number],
    update: number,
  ) => void;
}

export type Outcome =
  | { readonly kind: 'finished'; readonly summary: Map<string, number | string> }
  | { readonly kind: 'interrupted'; readonly signal: StopSignal };

/**
 * The training loop: phases of updates, and at each update's end the evaluations and checkpoints
 * that plugins asked for. Between any two of these the run can stop and resume without a trace.
 */
export class Trainer {
  private update: number;
  private phaseIndex: number;
  private phaseUpdate: number;
  private readonly pending: Set<string>;
  private checkpointDue: boolean;
  private stopped: string | null;
  private ended: boolean;
  private readonly meanwhile: Meanwhile;
  private isUnderWay = false;

  constructor(
    private readonly parts: TrainerParts,
    position: Position,
  ) {
    this.update = position.update;
    this.phaseIndex = position.phase;
    this.phaseUpdate = position.phaseUpdate;
    this.pending = new Set(position.pending);
    this.checkpointDue = position.checkpointDue;
    this.stopped = position.stopped;
    this.ended = position.ended;
    this.meanwhile = new Meanwhile(parts.lifecycle, 'evaluationEnd');
  }

  get position(): Position {
    return {
      update: this.update,
      phase: this.phaseIndex,
      phaseUpdate: this.phaseUpdate,
      pending: [...this.pending],
      checkpointDue: this.checkpointDue,
      stopped: this.stopped,
      ended: this.ended,
    };
  }

  /** Runs to the end, or to the first safe point after a signal, where the state is saved. */
  async train(): Promise<Outcome> {
    const { lifecycle, run } = this.parts;
    try {
      const { keepCheckpoints } = this.parts;
      await lifecycle.runStart.call({ run, control: this.control, keepCheckpoints });
      await this.finishUpdate();
      while (this.phaseIndex < this.parts.steps.length && this.stopped === null) await this.phase();
      await this.end();
      await this.meanwhile.done();
      const summary = new Map<string, number | string>();
      if (this.stopped !== null) summary.set('stopped', this.stopped);
      await lifecycle.runEnd.call({ run, update: this.update, summary });
      return { kind: 'finished', summary };
    } catch (error) {
      const interruption = interruptionIn(error);
      if (interruption === undefined) {
        await this.failed(error);
        throw error;
      }
      return await this.interrupted(interruption.signal);
    }
  }

  private async interrupted(signal: StopSignal): Promise<Outcome> {
    const { lifecycle, run } = this.parts;
    try {
      await this.save();
    } catch (error) {
      await this.failed(error);
      throw error;
    }
    await lifecycle.interruption.call({ run, update: this.update, signal });
    return { kind: 'interrupted', signal };
  }

  private async end(): Promise<void> {
    const { lifecycle, run, session } = this.parts;
    if (!this.ended) {
      this.ended = true;
      const state = (): ReturnType<typeof session.read> => session.read();
      await lifecycle.trainingEnd.call({ run, update: this.update, control: this.control, state });
    }
    await this.finishUpdate();
  }

  private async phase(): Promise<void> {
    const { lifecycle, run, session, batches, steps } = this.parts;
    const step = steps[this.phaseIndex];
    if (step === undefined) return;
    const resumed = this.phaseUpdate > 0;
    this.parts.onPhase('begins', step.phase, this.update);
    if (!resumed) await session.write(step.initialState());
    const { phase } = step;
    await lifecycle.phaseStart.call({ run, phase, update: this.update, resumed });
    await session.prepare(step.program, step.signature(run.batchSize));
    const feedOf = (update: number): Promise<ProgramFeed> => batches.at(step, update);
    let feed: ProgramFeed | undefined;
    while (this.phaseUpdate < phase.updates && this.stopped === null) {
      await this.parts.safePoint();
      feed ??= await feedOf(this.phaseUpdate + 1);
      feed = await this.oneUpdate(step, feed, feedOf);
      await this.finishUpdate();
    }
    this.parts.onPhase('ends', phase, this.update);
    await lifecycle.phaseEnd.call({ run, phase, update: this.update, resumed: false });
    if (this.stopped !== null) return;
    this.phaseIndex++;
    this.phaseUpdate = 0;
  }

  /** Runs one update and, while it runs, puts the next batch together. */
  private async oneUpdate(
    step: TrainingStep,
    feed: ProgramFeed,
    feedOf: (update: number) => Promise<ProgramFeed>,
  ): Promise<ProgramFeed | undefined> {
    const { lifecycle, run, session } = this.parts;
    const phaseUpdate = this.phaseUpdate + 1;
    const scalars = scalarsOf(step, phaseUpdate, feed);
    const payload: UpdatePayload = {
      run,
      phase: step.phase,
      update: this.update + 1,
      phaseUpdate,
      scalars,
      batch: () => feed.inputs,
      learningRates: () => step.learningRates(phaseUpdate),
      control: this.control,
    };
    await lifecycle.updateStart.call(payload);
    for (const [index, { network }] of step.phase.order.entries()) {
      await lifecycle.networkUpdateStart.call({ ...payload, network, index });
    }
    const started = performance.now();
    const running = runUpdate(session, step, feed, scalars);
    // The first update is what people wait for: what was left before it runs beside the second.
    if (this.isUnderWay) this.meanwhile.begin();
    this.isUnderWay = true;
    const next = phaseUpdate < step.phase.updates ? feedOf(phaseUpdate + 1) : undefined;
    // It is awaited below; until then a failure must not count as nobody's.
    next?.catch(() => undefined);
    const outputs = await running;
    this.meanwhile.check();
    const seconds = (performance.now() - started) / 1000;
    this.update++;
    this.phaseUpdate++;
    for (const [index, { network }] of step.phase.order.entries()) {
      await lifecycle.networkUpdateEnd.call({ ...payload, network, index });
    }
    let read: Promise<Metrics> | undefined;
    const metrics = (): Promise<Metrics> => (read ??= metricsOf(outputs));
    await lifecycle.updateEnd.call({ ...payload, metrics, seconds });
    const { observer } = this.parts;
    if (observer.update !== undefined) {
      const at = { phase: step.phase.name, update: this.update, phaseUpdate: this.phaseUpdate };
      await observer.update({ type: 'update', ...at, metrics: await metrics(), seconds });
    }
    return next;
  }

  /** Does what was asked for at this update; what a signal cuts off stays pending. */
  private async finishUpdate(): Promise<void> {
    const { lifecycle, run, evaluations, evaluator } = this.parts;
    for (const name of this.pending) {
      await this.parts.safePoint();
      await this.meanwhile.done();
      const evaluation = evaluations.get(name);
      if (evaluation === undefined) continue;
      const about = { run, name, update: this.update, control: this.control };
      await lifecycle.evaluationStart.call(about);
      const result = await evaluation.run(evaluator);
      this.pending.delete(name);
      let inspection: Promise<Inspection> | undefined;
      await lifecycle.evaluationEnd.call({
        ...about,
        result,
        inspect: () => (inspection ??= this.parts.inspect(this.position)),
        meanwhile: this.meanwhile.leave,
      });
      const { observer } = this.parts;
      await observer.evaluation?.({ type: 'evaluation', name, update: this.update, ...result });
    }
    if (!this.checkpointDue) return;
    this.checkpointDue = false;
    await this.save();
  }

  private async save(): Promise<void> {
    await this.meanwhile.done();
    await this.parts.save(this.position);
  }

  private readonly control: RunControl = {
    evaluate: (name) => {
      const { evaluations } = this.parts;
      if (!evaluations.has(name)) {
        throw badContribution(
          `There is no evaluation '${name}'.`,
          didYouMean(name, evaluations.keys()),
        );
      }
      this.pending.add(name);
    },
    checkpoint: () => {
      this.checkpointDue = true;
    },
    stop: (reason) => {
      this.stopped ??= reason;
    },
  };

  private async failed(error: unknown): Promise<void> {
    const { lifecycle, run } = this.parts;
    try {
      await this.meanwhile.done().catch(() => undefined);
      await lifecycle.failure.call({ run, update: this.update, error });
    } catch {
      // The first error is the one to report.
    }
  }
}

/** Hooks wrap what is thrown inside them. */
function interruptionIn(error: unknown): Interrupted | undefined {
  for (let e = error; e instanceof Error; e = e.cause) if (e instanceof Interrupted) return e;
  return undefined;
}
