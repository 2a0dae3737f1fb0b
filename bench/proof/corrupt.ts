/**
 * Damages one file of a run that was stopped or that is finished, and looks at what each command makes
 * of it: `npm run proof:corrupt -- --seed 1 --count 2000 --seconds 36000`. A run must end with the
 * same bytes, or be refused with an error for people, or say what it lost.
 */
import {
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { attempts } from './attempts.js';
import { command, folder, outcomeOf, smallData, smallRun } from './command.js';

const data = smallData();
const finished = join(folder(), 'finished');
const whole = await command(smallRun(data, finished));
if (whole.code !== 0) throw new Error(`the run that nothing befalls failed:\n${whole.text}`);
const expected = outcomeOf(finished);
const stopped = join(folder(), 'stopped');
const half = await command(smallRun(data, stopped), (send) => {
  const poll = setInterval(() => {
    try {
      if (readFileSync(join(stopped, 'metrics.jsonl'), 'utf8').includes('"update":12'))
        send('SIGINT');
    } catch {
      // Not there yet.
    }
  }, 10);
  setTimeout(() => clearInterval(poll), 60_000).unref();
  poll.unref();
});
if (half.code !== 130 && half.code !== 0) throw new Error(`it did not stop:\n${half.text}`);

const filesOf = (run: string): string[] =>
  readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 0)
    .map((entry) => relative(run, join(entry.parentPath, entry.name)))
    .sort();

const commands = ['resume', 'evaluate', 'report', 'checkpoints'] as const;

await attempts('corrupt', { count: 8, seconds: 60 }, async (number, random) => {
  const resumes = number % 2 === 0;
  const source = resumes ? stopped : finished;
  const parent = folder();
  const run = join(parent, 'run');
  cpSync(source, run, { recursive: true });
  const files = filesOf(run);
  const file = files[random.below(files.length)] ?? '';
  const path = join(run, file);
  const { size } = statSync(path);
  const harm = random.uniform() < 0.4 ? 'truncated' : 'flipped';
  const at = random.below(size);
  if (harm === 'truncated') truncateSync(path, at);
  else {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    writeFileSync(path, bytes);
  }
  const name = resumes ? 'resume' : (commands[1 + random.below(commands.length - 1)] ?? 'report');
  const { code, signal, text } = await command([name, run]);
  const what = `${name} with ${file} ${harm} at byte ${at} of ${size}`;
  const bare = signal !== null || code === 1 || code === null || /^\s+at .*:\d+:\d+/m.test(text);
  const told = /warning:|error:|missing|damaged|lost/i.test(text);
  const equal = code === 0 && (!resumes || outcomeOf(run) === expected);
  const outcome = bare
    ? 'crashed'
    : code !== 0
      ? 'refused'
      : equal
        ? 'equal'
        : told
          ? 'told'
          : 'silent';
  const bad = outcome === 'crashed' || outcome === 'silent';
  if (!bad) rmSync(parent, { recursive: true });
  return { what, outcome, ...(bad ? { failure: `${run}: ${text.slice(0, 2000)}` } : {}) };
});
