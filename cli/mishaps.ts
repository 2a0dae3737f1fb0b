import { dirname, sep } from 'node:path';
import { ExitCode, NcnError } from '../core/errors/error.js';
import { processEnded, processStuck, strayFailure } from '../core/errors/plugin.js';
import { guests, loading } from '../core/modules/foreign.js';
import { failActiveRuns } from '../core/trainer/loop/active.js';
import { reportFailure } from './failure.js';

/** Whether the command has come to its end by itself. */
let over = false;

/** To be called before the process is ended as it should be. */
export function commandIsOver(): void {
  over = true;
}

/**
 * Gives what a plugin can do to a process beside its hooks an ending that says so: failures that
 * nobody waits for, `process.exit`, a module that is never through.
 */
export function watchMishaps(json: boolean): void {
  const end = (error: unknown): void => {
    if (over) return;
    over = true;
    reportFailure(error, json);
    const exit = error instanceof NcnError ? error.exit : ExitCode.internal;
    failActiveRuns(error instanceof Error ? error.message : String(error), exit);
  };
  const stray = (thrown: unknown): void => {
    end(ofPlugin(thrown) ?? thrown);
    process.exit();
  };
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  // Comes only where nothing is left to do: the command waits for what cannot happen any more.
  process.on('beforeExit', () => {
    end(processStuck([...loading][0]));
    process.exit();
  });
  process.on('exit', (code) => {
    // A second signal ends the process at once, as it should.
    if (over || code === ExitCode.interrupted || code === ExitCode.terminated) return;
    end(processEnded(code, [...new Set(guests.values())]));
  });
}

/** The failure as one of the plugin whose code it comes from; undefined where it comes from none. */
function ofPlugin(thrown: unknown): NcnError | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : undefined;
  if (stack === undefined) {
    // Without a stack, all that is known is that ncn throws nothing of the kind.
    return guests.size === 0 ? undefined : strayFailure([...guests.values()], thrown);
  }
  const places = [...guests].filter(([file]) => stack.includes(file));
  const near = [...guests].filter(([file]) => stack.includes(dirname(file) + sep));
  const [found] = places.length > 0 ? places : near;
  return found === undefined ? undefined : strayFailure([found[1]], thrown);
}
