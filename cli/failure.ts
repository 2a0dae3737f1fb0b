import { CommanderError } from 'commander';
import { ExitCode, NcnError } from '../core/errors/error.js';
import { brokenSurroundings } from './errors/installation.js';
import { badCommandLine } from './errors/usage.js';

/** Says what went wrong, for people or as a JSON line, and sets the exit code. */
export function reportFailure(thrown: unknown, json: boolean): void {
  if (thrown instanceof CommanderError && (thrown.exitCode === 0 || !json)) {
    // Commander has printed its message; help and version are no failures.
    process.exitCode = thrown.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return;
  }
  const error =
    thrown instanceof CommanderError
      ? badCommandLine(thrown)
      : (brokenSurroundings(thrown) ?? thrown);
  if (error instanceof NcnError) {
    process.exitCode = error.exit;
    const hint = error.hint ?? null;
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ type: 'error', code: error.code, exit: error.exit, message: error.message, hint, docs: error.docs })}\n`,
      );
      return;
    }
    process.stderr.write(`error: ${error.message}\n`);
    if (hint !== null) process.stderr.write(`  ${hint}\n`);
    process.stderr.write(`  ${error.docs}\n`);
    if (process.env['NCN_DEBUG'] !== undefined) process.stderr.write(`${chain(error)}\n`);
    return;
  }
  process.exitCode = ExitCode.internal;
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ type: 'error', code: 'NCN_INTERNAL', exit: ExitCode.internal, message })}\n`,
    );
    return;
  }
  process.stderr.write(`This is a bug in ncn: ${message}\n${chain(error)}\n`);
}

function chain(error: unknown): string {
  const parts: string[] = [];
  for (let e = error; e instanceof Error; e = e.cause) parts.push(e.stack ?? e.message);
  return parts.join('\ncaused by: ');
}
