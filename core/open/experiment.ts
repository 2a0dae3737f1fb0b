import type { EngineSession, HostTensor } from '../engine/types.js';
import { experimentBusy, experimentClosed, noRunYet } from '../errors/open.js';
import { noSuchUpdate, nothingToDenoise, nothingToEvaluate } from '../errors/training.js';
import type { NcnError } from '../errors/error.js';
import type { ResolvedExperiment, ResolvedValue } from '../experiment/resolve.js';
import type { Metrics } from '../hooks/payloads.js';
import { CheckpointStore } from '../run/checkpoints.js';
import { RunDirectory, runsRoot } from '../run/directory.js';
import { manifestSchema, type Manifest } from '../run/manifest.js';
import { prepare, type Host, type Prepared } from '../trainer/build/prepare.js';
import { validateSteps } from '../trainer/build/state.js';
import type { Plan } from '../trainer/estimate/plan.js';
import { continueRun, startRun } from '../trainer/loop/execute.js';
import { replayUpdates } from '../trainer/loop/replay.js';
import { infer, mainNetwork } from './infer.js';
import { planOn } from './plan-on.js';
import { finishedBefore, resultOf } from './result.js';
import { resumePoint } from './log-fit.js';
import { checkUnchanged, isChanged, planResumption, preparedAt } from './resumption.js';
import { checkpointOf, checkUnedited, type ExistingRun } from './run.js';
import type { Sessions } from './sessions.js';
import { openStream } from './stream.js';
import { evaluateTrained, loadTrained, type Trained } from './trained.js';
import { Training } from './training.js';
import type * as T from './types.js';
import { wishesOf, type Begin } from './wishes.js';

export type { Trained };

/** An experiment at work: the one place where it is prepared, given an engine, and run. */
export class OpenExperiment implements T.Experiment {
  #run: ExistingRun | undefined;
  /** Prepared, and not trained yet: each training wants plugins that are set up anew. */
  #spare: Promise<Prepared> | undefined;
  /** Of which the engine has looked at the steps. */
  #checked: Prepared | undefined;
  #trained: Promise<Trained> | undefined;
  /** Whether what is loaded has them, and not their shapes alone. */
  #examples = false;
  /** Settles when what was asked for so far is done. */
  #queue: Promise<unknown> = Promise.resolve();
  #training: AbortController | undefined;
  #closed = false;
  /** @param sessions of the engine that the experiment or the run asks for */
  constructor(
    readonly resolved: ResolvedExperiment,
    readonly host: Host,
    private readonly sessions: Sessions,
    run?: ExistingRun,
  ) {
    this.#run = run;
  }

  get values(): readonly ResolvedValue[] {
    return this.resolved.values;
  }
  get directory(): string | undefined {
    return this.#run?.directory.path;
  }

  /** With plugins that nobody else uses. Loads the data, once; writes nothing. @throws NcnError */
  prepare(): Promise<Prepared> {
    const prepared = this.#spare ?? prepare(this.resolved, this.host);
    this.#spare = undefined;
    return prepared;
  }

  /** What is prepared for the next training, without taking it. */
  async look(whileLoading?: () => Promise<void>): Promise<Prepared> {
    this.#spare ??= prepare(this.resolved, this.host, false, whileLoading);
    try {
      return await this.#spare;
    } catch (error) {
      this.#spare = undefined;
      throw error;
    }
  }

  /** The same for who looks at no data: a data set is enough that has the shapes alone. */
  outline(): Promise<Prepared> {
    return prepare(this.resolved, this.host, true);
  }

  /** @param trains whether it is trained next: its first state is then made meanwhile */
  plan(trains = false): Promise<Plan> {
    return this.#inTurn(async () => {
      const prepared = await this.look(() => this.sessions.begin());
      const session = await this.sessions.any();
      if (trains) this.sessions.draw(prepared, session);
      this.#check(prepared, session);
      return planOn(session, prepared, this.host);
    });
  }

  network(): Promise<T.MainNetwork> {
    return this.#inTurn(async () => mainNetwork(await this.look()));
  }

  train(options: T.FreshTrainOptions = {}): Training {
    return this.#begin(options, async (start, wishes) => {
      const prepared = await this.prepare();
      const session = await this.#blankSession();
      const all = { ...wishes, draws: this.sessions.draw(prepared, session) };
      this.#check(prepared, session);
      const { preset, core } = this.resolved;
      const directory =
        options.directory === undefined
          ? await RunDirectory.create(runsRoot, preset.name, core.seed, new Date())
          : await RunDirectory.createAt(options.directory);
      return this.#locked(directory, async () => {
        this.#run = { directory, acceptChanges: false };
        await start(directory, 0);
        return resultOf(await startRun(prepared, session, directory, this.host, all));
      });
    });
  }

  resume(options: T.TrainOptions = {}): Training {
    return this.#begin(options, (start, wishes) => {
      const run = this.#existing('resume');
      const { directory } = run;
      return this.#locked(directory, async () => {
        const status = await directory.readStatusIfSound((message) =>
          this.host.log.logger.warn(message),
        );
        if (status?.state === 'finished' && !isChanged(run)) {
          return finishedBefore(directory, status, this.host.log);
        }
        const prepared = await this.prepare();
        checkUnchanged(run, prepared);
        const session = await this.#blankSession();
        const point = await resumePoint(directory, this.host.log);
        const onward = await planResumption(run, prepared, point, this.host);
        await start(directory, onward.position.update);
        const result = await continueRun(prepared, session, directory, this.host, onward, wishes);
        // What was changed is the run's now.
        if (onward.record !== undefined) this.#run = { directory, acceptChanges: false };
        return resultOf(result);
      });
    });
  }

  evaluate(): Promise<T.Evaluated> {
    return this.withTrained(async (trained) => {
      const results = await evaluateTrained(trained);
      const { checkpoint, prepared } = trained;
      const { dataset, experiment } = prepared;
      const about = { update: checkpoint.update, seed: experiment.core.seed };
      return { about: { ...about, dataset: dataset.hash }, results };
    }, nothingToEvaluate);
  }

  replay(update: number, { onStart }: T.ReplayOptions = {}): Promise<Metrics> {
    return this.#inTurn(async () => {
      const run = this.#existing('replay');
      const prepared = await (preparedAt(run, update, this.host) ?? this.prepare());
      checkUnchanged(run, prepared);
      const session = await this.#blankSession();
      const store = new CheckpointStore(run.directory.checkpoints);
      const entry = await store.before(update);
      const start = entry === undefined ? undefined : await store.load(entry);
      if (start !== undefined) await checkUnedited(run, start);
      await onStart?.(start?.update ?? 0);
      try {
        const metrics = await replayUpdates(prepared, session, start, update);
        if (metrics === undefined) throw noSuchUpdate(update);
        return metrics;
      } finally {
        await this.sessions.close();
      }
    });
  }

  infer(inputs: T.InferInputs): Promise<HostTensor> {
    return this.withTrained(
      ({ evaluator, prepared }) => infer(evaluator, mainNetwork(prepared), inputs),
      nothingToDenoise,
      false,
    );
  }

  stream(): Promise<T.OpenStream> {
    return this.#inTurn(async () => {
      const run = this.#existing('use');
      const checkpoint = await checkpointOf(run, this.host.log, nothingToDenoise);
      return openStream(await this.outline(), checkpoint, this.sessions);
    });
  }

  manifest(): Promise<Manifest> {
    return this.#inTurn(() => {
      const { directory } = this.#existing('tell of');
      return directory.readJson('manifest.json', manifestSchema);
    });
  }

  /**
   * Does something with the run's newest checkpoint, which is loaded the first time.
   * @param refuse makes the error where there is no checkpoint
   * @param examples whether it looks at the data; else they may be where they cannot be had
   */
  withTrained<R>(
    work: (trained: Trained) => R | Promise<R>,
    refuse: (run: string) => NcnError = nothingToDenoise,
    examples = true,
  ): Promise<R> {
    return this.#inTurn(async () => {
      if (examples && !this.#examples) this.#trained = undefined;
      this.#trained ??= this.#load(refuse, (this.#examples = examples));
      const trained = await this.#trained.catch((error: unknown) => {
        this.#trained = undefined;
        throw error;
      });
      return work(trained);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#training?.abort();
    await this.#queue;
    await this.sessions.close();
    this.#spare = undefined;
    this.#checked = undefined;
    this.#trained = undefined;
  }

  #check(prepared: Prepared, session: EngineSession): void {
    if (this.#checked !== prepared) validateSteps(prepared, session);
    this.#checked = prepared;
  }

  /** A session for a state of its own; what was loaded is not any more. */
  #blankSession(): Promise<EngineSession> {
    this.#trained = undefined;
    return this.sessions.blank();
  }

  async #load(refuse: (run: string) => NcnError, examples: boolean): Promise<Trained> {
    const run = this.#existing('use');
    const { directory } = run;
    const checkpoint = await checkpointOf(run, this.host.log, refuse);
    const prepared = await (examples ? this.prepare() : this.outline());
    return loadTrained(directory, checkpoint, prepared, await this.sessions.blank());
  }

  #existing(wanted: string): ExistingRun {
    if (this.#run === undefined) throw noRunYet(wanted);
    return this.#run;
  }

  async #locked<R>(directory: RunDirectory, work: () => Promise<R>): Promise<R> {
    const lock = await directory.lock((message) => this.host.log.logger.warn(message));
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  #refusal(): NcnError | undefined {
    if (this.#closed) return experimentClosed();
    return this.#training === undefined ? undefined : experimentBusy();
  }

  /** Does it once everything before is done. */
  #inTurn<R>(work: () => R | Promise<R>): Promise<R> {
    const refusal = this.#refusal();
    return refusal === undefined ? this.#enqueue(work) : Promise.reject(refusal);
  }

  #enqueue<R>(work: () => R | Promise<R>): Promise<R> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #begin(options: T.TrainOptions, work: Begin): Training {
    return new Training(async (told) => {
      const refusal = this.#refusal();
      if (refusal !== undefined) throw refusal;
      this.#training = told.stop;
      return this.#enqueue(async () => {
        try {
          return await work(...wishesOf(options, told));
        } finally {
          this.#training = undefined;
          // Its state is in the checkpoint, its memory free for others.
          await this.sessions.close();
        }
      });
    });
  }
}
