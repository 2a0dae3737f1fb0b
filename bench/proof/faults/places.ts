import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../attempts.js';
import { command, folder, type Surroundings } from '../command.js';
import { smallRun, type References } from '../small-runs.js';
import { badEnd, endsEqual, judged, newRun, removeAround, runUntil, stoppedRun } from './fault.js';
import type { Fault } from './fault.js';

/** A run that its surroundings must not matter to. */
async function unharmed(
  what: string,
  references: References,
  run: string,
  surroundings: Surroundings,
): Promise<Attempt> {
  const ended = await command(smallRun(references.data, run), undefined, surroundings);
  const done = await judged(what, ended, [0], () => endsEqual(references, run));
  if (done.failure === undefined) removeAround(run);
  return done;
}

const logOf = (run: string): string => readFileSync(join(run, 'metrics.jsonl'), 'utf8');

/** Folders that move and go, and more than one process. */
export const ofPlaces: readonly Fault[] = [
  {
    name: 'a run that is moved while it runs',
    befall: async (references, random) => {
      let moved = '';
      const { run, ended, happened } = await runUntil(references, random, (directory) => {
        moved = `${directory}-moved`;
        renameSync(directory, moved);
      });
      return judged('moved during the run', ended, [0, 7], async () => {
        const at = happened ? moved : run;
        const failure = await endsEqual(references, at);
        if (failure === undefined) removeAround(at);
        return failure;
      });
    },
  },
  {
    name: 'a run that is removed while it runs',
    befall: async (references, random) => {
      const part = ['', 'checkpoints', 'images', 'samples'][random.below(4)] ?? '';
      const { run, ended, happened } = await runUntil(references, random, (directory) => {
        // The run may be writing into it just now.
        rmSync(join(directory, part), { recursive: true, force: true, maxRetries: 20 });
      });
      return judged(`./${part} removed during the run`, ended, [0, 7], async () => {
        // Nothing to go on from is told; everything else goes on.
        const again = await command(['resume', run]);
        const gone = happened && (part === '' || part === 'checkpoints');
        return badEnd(again, gone ? [0, 7] : [0]);
      });
    },
  },
  {
    name: 'a folder in which a file is',
    befall: async (references, random) => {
      const part = ['checkpoints', 'images', 'samples'][random.below(3)] ?? 'images';
      const stopped = await stoppedRun(references);
      const aside = folder();
      const place = join(stopped, part);
      cpSync(place, join(aside, part), { recursive: true });
      rmSync(place, { recursive: true });
      writeFileSync(place, 'a file');
      const ended = await command(['resume', stopped]);
      return judged(`${part} is a file`, ended, part === 'checkpoints' ? [7] : [0, 7], async () => {
        rmSync(place, { recursive: true });
        cpSync(join(aside, part), place, { recursive: true });
        return endsEqual(references, stopped);
      });
    },
  },
  {
    name: 'data that go while a run uses them',
    befall: async (references, random) => {
      const data = folder();
      cpSync(references.data, data, { recursive: true });
      const run = newRun();
      const after = random.uniform() * (await references.of()).milliseconds;
      const ended = await command(smallRun(data, run), () => {
        setTimeout(() => rmSync(data, { recursive: true }), after);
      });
      return judged(`data removed after ${Math.round(after)} ms`, ended, [0, 3], async () => {
        cpSync(references.data, data, { recursive: true });
        if (ended.code !== 0) return undefined;
        return endsEqual(references, run);
      });
    },
  },
  {
    name: 'two processes on one run',
    befall: async (references, random) => {
      const resumes = random.below(2) === 0;
      const run = resumes ? await stoppedRun(references) : newRun();
      const args = resumes ? ['resume', run] : smallRun(references.data, run);
      const both = await Promise.all([command(args), command(args)]);
      const what = resumes ? 'resume twice at once' : 'run twice at once';
      const failure = both.map((one) => badEnd(one, [0, 7])).find((bad) => bad !== undefined);
      const [first] = both.filter(({ code }) => code === 0);
      if (failure !== undefined || first === undefined) {
        return { what, outcome: 'failed', failure: failure ?? `neither ran: ${both[0].text}` };
      }
      return judged(what, first, [0], () => endsEqual(references, run));
    },
  },
  {
    name: 'nowhere for temporary files',
    befall: (references) => {
      const nowhere = join(folder(), 'nowhere');
      const env = { TMPDIR: nowhere, TEMP: nowhere, TMP: nowhere };
      return unharmed('TMPDIR does not exist', references, newRun(), { env });
    },
  },
  {
    name: 'names with spaces and other letters',
    befall: async (references) => {
      const place = join(folder(), 'Ünï çødé 잡음 ✂ folder\'s "name"');
      mkdirSync(place);
      chmodSync(place, 0o755);
      const data = join(place, 'Bilder 1');
      cpSync(references.data, data, { recursive: true });
      const run = join(place, 'Lauf 1');
      const ended = await command(smallRun(data, run), undefined, { cwd: place });
      return judged('spaces and other letters', ended, [0], async () => {
        // The path is part of the configuration, which is part of the checkpoints.
        const expected = logOf((await references.of()).run);
        if (logOf(run) !== expected) return `other numbers in ${run}`;
        return badEnd(await command(['evaluate', run]), [0]);
      });
    },
  },
  {
    name: 'one core',
    absent: () => (process.platform === 'linux' ? undefined : 'needs taskset'),
    befall: (references) =>
      unharmed('one core', references, newRun(), { through: ['taskset', '-c', '0'] }),
  },
];
