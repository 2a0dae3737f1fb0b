import { expect, test, vi } from 'vitest';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import { harmless, inOneLine } from '../../lab/harmless.js';
import { LedgerState } from '../../lab/sweep/ledger-state.js';
import { SweepReporter } from '../../lab/sweep/report.js';
import { describeJob } from '../../lab/sweep/view.js';

const nasty = '\u001b[31mboom\u001b[0m\r\n  at \u0007line 2\u202e\n\u001b]0;title\u0007end\u009b2J';
const plain = 'boom at line 2 end';

test('what a terminal would obey is left out, and a line stays one', () => {
  expect(inOneLine(nasty)).toBe(plain);
  expect(harmless('a\n\u001b[2Jb\u001b')).toBe('a\nb');
  expect(inOneLine('목표: 3 µs – ok')).toBe('목표: 3 µs – ok');
});

test('a plugin’s error in a sweep is told in one harmless line', () => {
  const state = new LedgerState();
  const time = new Date(0).toISOString();
  const given = { set: [], plugins: [], without: [], profile: null, variant: null };
  const request = { preset: 'a', seed: 1, ...given };
  const job = { number: 1, name: '0001-a-1', request, updates: 3, work: 1 };
  state.apply({ type: 'job', time, ...job });
  state.apply({ type: 'failed', time, number: 1, exit: 1, reason: nasty });
  const record = state.records.get(1);
  if (record === undefined) throw new Error('no record');
  expect(describeJob(record, undefined)).toBe(plain);
  const terminal = new Terminal('human');
  const line = vi.spyOn(terminal, 'line').mockImplementation(() => undefined);
  const log = createLog(terminal);
  const warn = vi.spyOn(log.logger, 'warn').mockImplementation(() => undefined);
  const shown = { records: () => state.records.values(), counts: () => state.counts };
  const reporter = new SweepReporter(shown, terminal, log);
  reporter.observe({ kind: 'failed', record });
  expect(warn).toHaveBeenCalledWith(`0001-a-1 failed: ${plain}; see logs/0001-a-1.log`);
  reporter.observe({ kind: 'interrupted', record });
  expect(line).toHaveBeenCalledWith(`0001-a-1 interrupted: ${plain}; it will go on`);
});
