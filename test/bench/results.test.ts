import { expect, test } from 'vitest';
import { mergeReports, type Case, type Report } from '../../bench/results.js';
import { pageOf } from '../../bench/tables.js';
import { casesOf } from '../../bench/works.js';

function measured(contestant: string, median: number, peakBytes: number) {
  return { contestant, update: { median, low: median, high: median, count: 1 }, peakBytes };
}

function caseOf(work: string, batch: string, threads: number, more: Partial<Case> = {}): Case {
  const results = [
    measured('compiled', 10, 2 ** 29),
    measured('PyTorch nchw', 20, 2 ** 31),
    measured('JAX', 15, 2 ** 30),
    { contestant: 'PyTorch compile', reason: 'no compiler' },
  ];
  const sitting = {
    processor: 'one',
    machine: 'one, 24 GiB',
    date: '2026-01-01',
    command: 'npm run bench',
  };
  return { work, batch, threads, ...sitting, results, ...more };
}

function report(...cases: Case[]): Report {
  return { cases, threads: [], firstUpdate: [] };
}

test('a sitting replaces whole cases and leaves the others, in the order of the works', () => {
  const older = report(caseOf('gan', '16', 2), caseOf('generator', '16', 2));
  const again = caseOf('generator', '16', 2, { date: '2026-02-02', results: [] });
  const merged = mergeReports(older, report(again, caseOf('generator', '1', 2)));
  expect(merged.cases.map((c) => `${c.work} ${c.batch} ${c.date}`)).toEqual([
    'generator 1 2026-01-01',
    'generator 16 2026-02-02',
    'gan 16 2026-01-01',
  ]);
  expect(merged.cases[1]?.results).toEqual([]);
});

test('what another kind of processor gave stays beside it, the last one measured first', () => {
  const older = report(caseOf('gan', '16', 2, { date: '2026-03-03' }), caseOf('unet', '16', 2));
  const other = { processor: 'two', date: '2026-02-02', results: [measured('JAX', 7, 2 ** 30)] };
  const merged = mergeReports(older, report(caseOf('gan', '16', 2, other)));
  expect(merged.cases.map((c) => `${c.work} ${c.processor}`).sort()).toEqual([
    'gan one',
    'gan two',
    'unet one',
  ]);
  const page = pageOf(merged);
  const [first = '', second = ''] = page.split('### two');
  expect(first).toMatch(/^### one\n/);
  expect(first).toContain('10 ms');
  expect(second).toContain('7 ms');
  expect(second).not.toContain('10 ms');
  const again = mergeReports(
    merged,
    report(caseOf('gan', '16', 2, { ...other, date: '2026-04-04' })),
  );
  expect(again.cases).toHaveLength(3);
  expect(pageOf(again)).toMatch(/^### two\n/);
});

test('ratios are against the fastest peer, memory against the least of any', () => {
  const page = pageOf(report(caseOf('generator', '1', 1), caseOf('quick-gan', '16', 2)));
  const lines = page.split('\n');
  expect(lines[0]).toBe('### one');
  expect(lines[4]).toBe(
    '| generator, content update | 1 | 1 | 10 ms | 15 ms, JAX | 1.50× | 1.0× | 0.50× |',
  );
  expect(lines[5]).toContain('| 1.50× | 2.0×, missed | 0.50× |');
  const torch = lines.find((line) => line.includes('PyTorch nchw'));
  expect(torch).toContain('| 0.75× | 2.00 GiB | 2.00× |');
  const missing =
    '- PyTorch compile: no compiler: generator 1 (1 thread), quick-gan 16 (2 threads)';
  expect(lines).toContain(missing);
  expect(lines.find((line) => line.startsWith('- no sitting yet'))).toContain('unet 16');
});

test('each work has its own sizes; others can be asked for', () => {
  expect(casesOf(['speech'], ['4x3'], [1, 2])).toEqual([
    { work: 'speech', sizes: ['4x3'], threads: [1, 2] },
  ]);
  expect(casesOf(['unet'])[0]?.sizes).toEqual(['16']);
  expect(() => casesOf(['unknown'])).toThrow('unet');
});
