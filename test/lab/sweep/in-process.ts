import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type {
  Ending,
  Launcher,
  LaunchRequest,
  Sighting,
  Submission,
} from '../../../core/plugins/launcher.js';
import { RunDirectory, type RunStatus } from '../../../core/run/directory.js';
import { canonicalJsonLine, type JsonObject } from '../../../core/run/json.js';

/** What a job does once it runs, and what a test may ask of it. */
export class InProcessJob {
  readonly handle = randomUUID();
  readonly ended: Promise<Ending>;
  /** Path of its run directory. */
  readonly path: string;
  readonly resumed: boolean;
  /** Aborted when the job is asked to stop. */
  readonly stopped: AbortSignal;
  private readonly stopping = new AbortController();

  constructor(
    readonly request: LaunchRequest,
    behave: (job: InProcessJob) => Promise<Ending>,
  ) {
    const args = request.command.slice(2);
    this.resumed = args[0] === 'resume';
    this.path = args[this.resumed ? 1 : args.indexOf('--run-dir') + 1] ?? '';
    this.stopped = this.stopping.signal;
    this.ended = setImmediate().then(() => behave(this));
  }

  readonly stop = (): void => this.stopping.abort();

  /** Resolves when the job is asked to stop. */
  asked(): Promise<void> {
    if (this.stopped.aborted) return Promise.resolve();
    return new Promise((done) => this.stopped.addEventListener('abort', () => done()));
  }

  /** Writes a line of `ncn run --json` to its log. */
  async say(event: JsonObject): Promise<void> {
    await appendFile(this.request.log, `${canonicalJsonLine(event)}\n`);
  }

  /** Makes or opens its run directory and writes the status. */
  async write(state: RunStatus['state'], more: Partial<RunStatus> = {}): Promise<void> {
    const run = await (this.resumed ? RunDirectory.open(this.path) : this.create());
    if (state === 'finished') await run.writeJson('summary.json', { results: {} });
    await run.writeStatus({ state, time: new Date().toISOString(), ...more });
  }

  private created: RunDirectory | undefined;

  private async create(): Promise<RunDirectory> {
    this.created ??= await RunDirectory.createAt(this.path);
    await this.created.writeJson('manifest.json', {});
    return this.created;
  }
}

export type Behaviour = (job: InProcessJob) => Promise<Ending>;

export const finish = async (job: InProcessJob): Promise<Ending> => {
  await job.write('finished');
  return { exit: 0, signal: null };
};

/** Runs until it is asked to stop, and then saves, as `ncn run` does. */
export const runUntilStopped = async (job: InProcessJob): Promise<Ending> => {
  await job.write('running');
  await job.asked();
  await job.write('interrupted');
  return { exit: 143, signal: null };
};

/** Fails as `ncn run` does, but finishes when it is resumed. */
export const failFirst: Behaviour = async (job) => {
  if (job.resumed) return finish(job);
  await job.say({ type: 'plan' });
  await job.say({ type: 'update', update: 7 });
  await job.say({ type: 'error', message: 'the plugin broke', code: 'NCN_PLUGIN_THREW' });
  await job.write('failed', { message: 'the plugin broke' });
  return { exit: 4, signal: null };
};

/** Is killed at these updates, start by start, and finishes when there are no more. */
export const killedAt = (...updates: number[]): Behaviour => {
  const left = [...updates];
  return async (job) => {
    const update = left.shift();
    if (update === undefined) return finish(job);
    await job.write('running');
    await job.say({ type: 'update', update });
    return { exit: null, signal: 'SIGKILL' };
  };
};

/** A launcher whose jobs run in this process, as what the test says they do. */
export class InProcessLauncher implements Launcher {
  /** Every job that was launched, in order. */
  readonly launched: InProcessJob[] = [];
  /** Jobs that run now, and the most that ever did. */
  running = 0;
  highest = 0;
  readonly queues = false;
  readonly pollEvery = 2;
  readonly grace = 0;
  readonly most = 1000;
  private readonly tokens = new Map<string, string[]>();

  constructor(
    private readonly behave: Behaviour,
    readonly name = 'in-process',
  ) {}

  readonly submit = ({ token, jobs }: Submission): Promise<string[]> =>
    Promise.resolve(
      jobs.map((request) => {
        this.highest = Math.max(this.highest, ++this.running);
        const job = new InProcessJob(request, (running) =>
          this.behave(running).finally(() => this.running--),
        );
        this.launched.push(job);
        this.tokens.set(token, [...(this.tokens.get(token) ?? []), job.handle]);
        return job.handle;
      }),
    );

  readonly find = (token: string, jobs: number): Promise<(string | null)[]> => {
    const handles = this.tokens.get(token) ?? [];
    return Promise.resolve(Array.from({ length: jobs }, (_, i) => handles[i] ?? null));
  };

  readonly poll = (handles: readonly unknown[]): Promise<Sighting[]> =>
    Promise.all(
      handles.map(async (handle): Promise<Sighting> => {
        const job = this.job(handle);
        if (job === undefined) return { kind: 'absent' };
        const ending = await Promise.race([job.ended, setImmediate(undefined)]);
        if (ending === undefined) return { kind: 'running', where: null };
        return { kind: 'ended', ending, why: null };
      }),
    );

  readonly stop = (handles: readonly unknown[]): Promise<void> => {
    for (const handle of handles) this.job(handle)?.stop();
    return Promise.resolve();
  };

  private job(handle: unknown): InProcessJob | undefined {
    return this.launched.find((one) => one.handle === handle);
  }

  /** Names of the launched jobs, without their numbers. */
  get names(): string[] {
    return this.launched.map(({ request }) => request.name.replace(/^\d+-/, ''));
  }
}
