import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ExitCode, messageOf, NcnError } from '../core/errors/error.js';
import { parseJson } from '../core/run/json.js';
import { Attempts, type AttemptEnd } from '../lab/sweep/attempts.js';
import { claimJob, withoutProgress } from '../lab/sweep/claim.js';
import { configText, jobRequestSchema, namesCode, type JobRequest } from '../lab/sweep/job.js';
import { isPublished, publish, takeOver } from '../lab/sweep/ownership.js';
import { sayInto } from './attempt-log.js';
import type { ExperimentOptions } from './context.js';
import { resumeCommand } from './resume.js';
import { runCommand, type RunOptions } from './run.js';

export interface WorkOptions extends ExperimentOptions {
  readonly job: string;
  readonly token: string;
  /** A {@link JobRequest} as JSON. */
  readonly request: string;
}

/** Attempts without a new checkpoint before a job is given up. */
const patience = 3;
/** Milliseconds between looks for an attempt that has taken over. */
const lookEvery = 2000;

/**
 * `ncn sweep work DIR …`: what a cluster executes. Claims the job, goes on from its newest state
 * in a run directory of its own, and publishes the run when it is finished.
 */
export async function sweepWorkCommand(options: WorkOptions, sweep: string): Promise<ExitCode> {
  const directory = resolve(sweep);
  const attempts = new Attempts(directory);
  const { job: name, token } = options;
  const claim = await claimJob(attempts, name, token);
  const { number, before, from } = claim;
  await sayInto(attempts.log(name, number), [process.stdout, process.stderr]);
  const worker = new Worker(attempts, name, number);
  return worker.run(async () => {
    if (await isPublished(directory, name)) return worker.finish('done', ExitCode.ok, null);
    const tries = await withoutProgress(attempts, name, claim, token);
    if (tries >= patience) {
      const where = from === null ? 'before its first checkpoint' : `at update ${from}`;
      const reason = `started ${tries} times without getting further than ${where}`;
      return worker.finish('stalled', ExitCode.stalled, reason);
    }
    const path = attempts.run(name, number);
    const taken = await takeOver(attempts, name, number, before);
    if (taken === 'published') return worker.finish('done', ExitCode.ok, null);
    const { threads, data } = options;
    const wanted = parseRequest(options.request);
    const common = {
      json: true,
      configJson: configText(wanted),
      ...(threads === undefined ? {} : { threads }),
      ...(data === undefined ? {} : { data }),
    };
    // The user named the job's plugins; a home in which that could be remembered is not everywhere.
    const trustPlugins = namesCode(wanted);
    const exit =
      taken === 'begun'
        ? await resumeCommand({ ...common, trustPlugins }, path)
        : await runCommand({ ...common, ...optionsOf(wanted), runDir: path });
    if (exit === ExitCode.ok) {
      if (await attempts.superseded(name, number)) return worker.leave();
      await publish(directory, name, path);
      return worker.finish('done', ExitCode.ok, null);
    }
    return worker.yielded();
  });
}

/** What an attempt does about signals, later attempts and its end. */
class Worker {
  private readonly began = performance.now();
  private asked: 'SIGUSR1' | 'SIGTERM' | undefined;
  private ended = false;

  constructor(
    private readonly attempts: Attempts,
    private readonly name: string,
    private readonly number: number,
  ) {}

  async run(work: () => Promise<ExitCode>): Promise<ExitCode> {
    // The early signal is passed on to whatever saves the state at SIGTERM.
    process.on('SIGUSR1', () => {
      this.asked ??= 'SIGUSR1';
      process.kill(process.pid, 'SIGTERM');
    });
    process.on('SIGTERM', () => this.onTerm());
    const watch = setInterval(() => void this.look(), lookEvery);
    try {
      return await work();
    } catch (error) {
      if (await this.attempts.superseded(this.name, this.number)) return await this.leave();
      const exit = error instanceof NcnError ? error.exit : ExitCode.internal;
      await this.finish('failed', exit, messageOf(error));
      throw error;
    } finally {
      clearInterval(watch);
    }
  }

  async finish(end: AttemptEnd, exit: ExitCode, reason: string | null): Promise<ExitCode> {
    this.ended = true;
    const seconds = (performance.now() - this.began) / 1000;
    const time = new Date().toISOString();
    await this.attempts.end(this.name, this.number, end, { time, seconds, exit, reason });
    return exit;
  }

  /** Its state is saved; it is to go on later. */
  async yielded(): Promise<ExitCode> {
    const early = this.asked === 'SIGUSR1';
    const why = early ? 'before the time limit' : 'when it was asked to end';
    const exit = await this.finish('yielded', ExitCode.yielded, `saved its state ${why}`);
    if (early) await requeue();
    return exit;
  }

  /** Another attempt has taken over; this one must touch nothing. */
  leave(): Promise<ExitCode> {
    return this.finish('superseded', ExitCode.superseded, 'a later attempt has taken over');
  }

  private onTerm(): void {
    this.asked ??= 'SIGTERM';
    // While it trains, the run listens, too, and saves its state; else there is nothing to save.
    if (process.listenerCount('SIGTERM') > 1 || this.ended) return;
    void this.yielded().then((exit) => process.exit(exit));
  }

  private async look(): Promise<void> {
    const over = await this.attempts.superseded(this.name, this.number).catch(() => false);
    if (!over || this.ended) return;
    await this.leave();
    process.exit(ExitCode.superseded);
  }
}

/** Asks whoever started the job to start it again. */
async function requeue(): Promise<void> {
  const command = process.env['NCN_REQUEUE'];
  if (command === undefined) return;
  const [program = '', ...args] = z.array(z.string()).parse(parseJson(command));
  // The scheduler may be down for a while; the time limit ends this.
  for (let left = 20; left > 0; left--) {
    try {
      await promisify(execFile)(program, args);
      return;
    } catch (error) {
      process.stderr.write(`could not queue again: ${messageOf(error)}\n`);
      await sleep(5000);
    }
  }
}

function parseRequest(text: string): JobRequest {
  return jobRequestSchema.parse(parseJson(text));
}

function optionsOf(request: JobRequest): RunOptions {
  const { preset, seed, profile, variant, plugins, without, set, scale = false } = request;
  return {
    preset,
    seed,
    ...(profile === null ? {} : { profile }),
    ...(variant === null ? {} : { variant }),
    plugin: plugins,
    without,
    set: set.map(([path, value]) => `${path}=${JSON.stringify(value)}`),
    scale,
  };
}
