// Changed and made-up inputs for every reader and parser, watched for time and memory:
// npm run proof:fuzz -- --count 50000 --seconds 3600 --seed 1 [--only png --from 123 --count 1]
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { campaignOptions, conclude, type Failure } from './campaign.js';
import { after, messageSchema, split, type Jobs } from './fuzz-jobs.js';
import { readers } from './readers.js';

const worker = resolve(import.meta.dirname, 'fuzz-worker.js');

/** Seconds that one input may take; the first one has the start of its process before it. */
const patience = 20;

/** Inputs of one process: what it keeps, modules and decoders, must not look like a leak. */
const perProcess = 2000;

interface Tally {
  inputs: number;
  accepted: number;
  refused: number;
}

const options = campaignOptions({ count: 50_000, seconds: 3600 });
const folder = await mkdtemp(join(tmpdir(), 'ncn-fuzz-'));
const started = performance.now();
const secondsDone = (): number => (performance.now() - started) / 1000;
const failures: Failure[] = [];
const targets: Record<string, Tally> = {};

/** Feeds inputs in one process. @returns what is left of them */
async function feed(jobs: Jobs): Promise<Jobs> {
  const args = [folder, String(options.seed), JSON.stringify(jobs)];
  const child = fork(worker, args, { silent: true, execArgv: ['--max-old-space-size=1024'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  let at = { target: jobs[0]?.target ?? '', index: jobs[0]?.first ?? 0 };
  let ended: 'late' | 'over' | undefined;
  const end = (why: 'late' | 'over') => (): void => {
    ended = why;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(end('late'), patience * 1000);
  const budget = setTimeout(end('over'), 1000 * Math.max(0, options.seconds - secondsDone()));
  child.on('message', (given) => {
    clearTimeout(timer);
    timer = setTimeout(end('late'), patience * 1000);
    const { target, index, result, message, tooMuch } = messageSchema.parse(given);
    at = { target, index };
    const tally = targets[target];
    if (result === undefined || tally === undefined) return;
    tally.inputs++;
    if (result === 'failed') failures.push({ target, index, what: 'error', message });
    else tally[result]++;
    if (tooMuch) failures.push({ target, index, what: 'memory', message: 'more than 400 MB' });
  });
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  clearTimeout(timer);
  clearTimeout(budget);
  if (ended === 'over') return [];
  if (code !== 0) {
    const late = ended === 'late';
    const message = late ? `more than ${patience} s` : `the process ended: ${said}`;
    failures.push({ ...at, what: late ? 'time' : 'error', message });
  }
  return after(jobs, at.target, at.index);
}

try {
  const all = [...(await readers(folder))].filter(
    ([name]) => options.only === undefined || name === options.only,
  );
  const shares = all.reduce((sum, [, { share }]) => sum + share, 0);
  let jobs = all.map(([target, { share }]) => {
    targets[target] = { inputs: 0, accepted: 0, refused: 0 };
    const count = Math.max(1, Math.round((options.count * share) / shares));
    return { target, first: options.from, end: options.from + count };
  });
  while (jobs.length > 0 && secondsDone() < options.seconds && failures.length < 100) {
    const [now, later] = split(jobs, perProcess);
    jobs = [...(await feed(now)), ...later];
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const inputs = Object.values(targets).reduce((sum, tally) => sum + tally.inputs, 0);
const seconds = Math.round(secondsDone());
conclude('fuzz', options, { inputs, wanted: options.count, seconds, targets }, failures);
process.exit();
