/**
 * Kills runs at random moments, of training and of resuming, and compares what they end with with a
 * run that nobody killed: `npm run proof:crash -- --seed 1 --count 1000 --seconds 36000`.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempts } from './attempts.js';
import { command, folder, outcomeOf, smallData, smallRun } from './command.js';

const signals = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGINT twice', 'SIGHUP'] as const;

const data = smallData();
const reference = join(folder(), 'reference');
const began = performance.now();
const whole = await command(smallRun(data, reference));
if (whole.code !== 0) throw new Error(`the run that nobody kills failed:\n${whole.text}`);
const milliseconds = performance.now() - began;
const expected = outcomeOf(reference);

await attempts('crash', { count: 3, seconds: 60 }, async (_, random) => {
  const parent = folder();
  const run = join(parent, 'run');
  const kills: string[] = [];
  for (let kill = 0; ; kill++) {
    const begun = existsSync(join(run, 'manifest.json'));
    const args = begun ? ['resume', run] : smallRun(data, run);
    if (kill > 0 && begun && random.uniform() < 0.4) {
      const { code, text } = await command(args);
      const what = kills.join(', ');
      const failed = code !== 0;
      const equal = !failed && outcomeOf(run) === expected;
      if (equal) rmSync(parent, { recursive: true });
      const failure = failed
        ? `resume ended with ${String(code)}: ${text}`
        : `other bytes in ${run}`;
      return { what, outcome: equal ? 'equal' : 'not equal', ...(equal ? {} : { failure }) };
    }
    const signal = signals[random.below(signals.length)] ?? 'SIGKILL';
    const after = random.uniform() * 1.1 * milliseconds;
    const { code, text } = await command(args, (send) => {
      const name = signal === 'SIGINT twice' ? 'SIGINT' : signal;
      setTimeout(() => send(name), after);
      if (signal === 'SIGINT twice') setTimeout(() => send(name), after + 350);
    });
    kills.push(`${signal} after ${Math.round(after)} ms: ${String(code)}`);
    // Killed before it handles signals, a process ends by the signal; afterwards by its code.
    if (code !== null && ![0, 130, 143].includes(code)) {
      return { what: kills.join(', '), outcome: 'failed', failure: `${String(code)}: ${text}` };
    }
    if (code === 0 && kill > 0 && outcomeOf(run) === expected) {
      rmSync(parent, { recursive: true });
      return { what: kills.join(', '), outcome: 'equal' };
    }
  }
});
