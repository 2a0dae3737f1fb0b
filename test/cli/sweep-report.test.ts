import { expect, test } from 'vitest';
import { report } from '../../cli/sweep.js';
import { ExitCode } from '../../core/errors/error.js';
import { Terminal } from '../../core/services/terminal.js';
import type { JobRecord, JobState } from '../../lab/sweep/events.js';
import { wanted } from '../lab/sweep/support.js';

/** What is told of a sweep that SIGINT came to, and its exit code. */
function told(...states: JobState[]): readonly [ExitCode, string] {
  const lines: string[] = [];
  class Kept extends Terminal {
    override line(text = ''): void {
      lines.push(text);
    }
  }
  const records = states.map((state, i): JobRecord => ({
    job: { number: i + 1, name: `job ${i + 1}`, ...wanted('a'), updates: 1, work: 1 },
    state,
    ...{ since: '', starts: 1, reason: null, handle: null, launcher: null, device: null },
    ...{ seconds: 1, submission: null, heartbeat: null },
  }));
  const result = { directory: "it's", records, stoppedBy: 'SIGINT' as const };
  return [report(result, { terminal: new Kept('silent') }), lines.join('\n')];
}

test('a sweep that was stopped when all was done has ended; else it says how to go on', () => {
  expect(told('done', 'done')).toEqual([ExitCode.ok, "2 of 2 done: it's"]);
  const [exit, text] = told('done', 'failed');
  expect(exit).toBe(ExitCode.jobs);
  expect(text).not.toContain('continues it');
  expect(text).toContain("ncn sweep retry 'it'\\''s'");
  expect(told('done', 'queued')[0]).toBe(ExitCode.interrupted);
  expect(told('done', 'queued')[1]).toContain('the same command continues it');
});
