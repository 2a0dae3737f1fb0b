import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Attempt } from '../attempts.js';
import { command, type Ended } from '../command.js';
import { smallRun, type Kind, type References } from '../small-runs.js';
import { badEnd, endsEqual, judged, limited, newRun, removeAround, type Fault } from './fault.js';

const preload = (name: string): string =>
  pathToFileURL(resolve(import.meta.dirname, `../preload/${name}.js`)).href;

const needsShell = (): string | undefined =>
  process.platform === 'win32' ? 'needs ulimit' : undefined;

/** Limits, clocks and engines. */
export const ofMachines: readonly Fault[] = [
  {
    name: 'few file handles',
    absent: needsShell,
    befall: async (references, random) => {
      const handles = 22 + random.below(260);
      const run = newRun();
      const args = smallRun(references.data, run);
      const ended = await command(args, undefined, limited(`-n ${handles}`));
      return judgedUnlessNode(references, run, `ulimit -n ${handles}`, ended, [0, 7]);
    },
  },
  {
    name: 'little memory',
    absent: () => (process.platform === 'linux' ? undefined : 'needs ulimit -v'),
    befall: async (references, random) => {
      const megabytes = 600 + random.below(4000);
      const run = newRun();
      const args = smallRun(references.data, run);
      const ended = await command(args, undefined, limited(`-v ${megabytes * 1024}`));
      const what = `ulimit -v of ${megabytes} MB`;
      return judgedUnlessNode(references, run, what, ended, [0, 5]);
    },
  },
  {
    name: 'clocks that jump',
    befall: async (references, random) => {
      const [hours, after] = [(random.uniform() - 0.5) * 20_000, random.below(3000)];
      const run = newRun();
      const env = { NCN_PROOF_CLOCK: `${hours} ${after}` };
      const node = ['--import', preload('clock')];
      const ended = await command(smallRun(references.data, run), undefined, { node, env });
      const what = `the clock jumps by ${Math.round(hours)} h after ${after} ms`;
      return judged(what, ended, [0], () => endsEqual(references, run));
    },
  },
  {
    name: 'a machine that sleeps',
    absent: () => (process.platform === 'win32' ? 'needs SIGSTOP' : undefined),
    befall: async (references, random) => {
      const run = newRun();
      const after = random.uniform() * (await references.of()).milliseconds;
      const ended = await command(smallRun(references.data, run), (kill) => {
        setTimeout(() => kill('SIGSTOP'), after);
        setTimeout(() => kill('SIGCONT'), after + 1500);
      });
      return judged(`asleep after ${Math.round(after)} ms`, ended, [0], () =>
        endsEqual(references, run),
      );
    },
  },
  ...(['compiled', 'wasm', 'cpu'] as const).map(engineFails),
];

/** As `judged`, where Node itself may find too little and end before anything can be said. */
async function judgedUnlessNode(
  references: References,
  run: string,
  what: string,
  ended: Ended,
  allowed: readonly number[],
): Promise<Attempt> {
  const node = /FATAL ERROR|Fatal process|OOM/m.test(ended.text);
  const gaveUp = ended.signal !== null || (ended.code ?? 0) > 128 || node;
  if (!gaveUp) return judged(what, ended, allowed, () => endsEqual(references, run));
  const failure = await endsEqual(references, run);
  if (failure !== undefined) return { what, outcome: 'failed', failure };
  removeAround(run);
  return { what, outcome: 'Node gave up' };
}

/** The engine's own code fails in the middle of an update. */
function engineFails(engine: Kind['engine']): Fault {
  return {
    name: `the engine ${engine} fails in an update`,
    befall: async (references, random) => {
      const kind: Kind = { family: 'gans', engine };
      const run = newRun();
      const at = 1 + random.below(engine === 'compiled' ? 24 : 400);
      const env = { NCN_PROOF_FAIL: `${engine} ${at}` };
      const node = ['--import', preload('engine')];
      const args = smallRun(references.data, run, kind);
      const ended = await command(args, undefined, { node, env });
      const what = `${engine} fails at its operation ${at}`;
      const told = /the device went away|found no memory/.test(ended.text) || ended.code === 0;
      const failure = badEnd(ended, [0, 5]) ?? (told ? undefined : `the cause: ${ended.text}`);
      if (failure !== undefined) return { what, outcome: 'failed', failure };
      const done = await judged(what, ended, [0, 5], () => endsEqual(references, run, kind));
      if (done.failure === undefined) removeAround(join(run));
      return done;
    },
  };
}
