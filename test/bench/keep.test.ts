import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepReport } from '../../bench/keep.js';
import { reportSchema, type Case, type Report } from '../../bench/results.js';

const folder = mkdtempSync(join(tmpdir(), 'ncn-keep-'));
afterAll(() => rmSync(folder, { recursive: true }));

const caseOf = (work: string, date: string, median: number): Case => ({
  ...{
    work,
    batch: '16',
    threads: 1,
    processor: 'one',
    machine: 'one',
    date,
    command: 'npm run bench',
  },
  results: [
    {
      contestant: 'compiled',
      update: { median, low: median, high: median, count: 1 },
      peakBytes: 2 ** 29,
    },
  ],
});

const casesIn = (path: string): string[] =>
  reportSchema
    .parse(JSON.parse(readFileSync(join(path, 'performance.json'), 'utf8')))
    .cases.map(({ work, date }) => `${work} ${date}`);

test('a sitting that is ended after a case keeps it, and what earlier sittings and people wrote', async () => {
  const [out, docs] = [join(folder, 'out'), folder];
  writeFileSync(
    join(docs, 'performance.md'),
    'Before.\n\n<!-- bench -->\nold\n<!-- end -->\n\nAfter.\n',
  );
  const sitting: Report = { cases: [], threads: [], firstUpdate: [] };
  sitting.cases.push(caseOf('gan', '2026-01-01', 1234));
  await keepReport(sitting, out, docs);
  expect(casesIn(out)).toEqual(['gan 2026-01-01']);

  // Another sitting, which measures one of two cases and is ended.
  const next: Report = { cases: [], threads: [], firstUpdate: [] };
  next.cases.push(caseOf('unet', '2026-02-02', 567));
  await keepReport(next, out, docs);
  expect(casesIn(out)).toEqual(['unet 2026-02-02']);
  expect(casesIn(docs).sort()).toEqual(['gan 2026-01-01', 'unet 2026-02-02']);
  const page = readFileSync(join(docs, 'performance.md'), 'utf8');
  expect(page).toMatch(/^Before\.\n\n<!-- bench -->[^]*<!-- end -->\n\nAfter\.\n$/);
  expect(page).not.toContain('old\n');
  expect(page).toContain('567 ms');
  expect(page).toContain('1.23 s');
});

test('a table whose text holds signs that a replacement would read stays as it is', async () => {
  const sitting: Report = { cases: [], threads: [], firstUpdate: [] };
  sitting.cases.push({ ...caseOf('gan', '2026-03-03', 1), command: "bench $& $1 $'" });
  writeFileSync(join(folder, 'performance.md'), '<!-- bench -->x<!-- end -->');
  await keepReport(sitting, join(folder, 'out'), folder);
  expect(readFileSync(join(folder, 'performance.md'), 'utf8')).toContain("bench $& $1 $'");
});
