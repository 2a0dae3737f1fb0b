import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/run/atomic.js';
import { makeFolders } from '../core/run/folders.js';
import { mergeReports, reportSchema, type Report } from './results.js';
import { pageOf } from './tables.js';

/**
 * Writes what a sitting measured so far as `performance.json` and `performance.md`: called after each
 * case, so that one that is ended early loses no case that it finished.
 * @param docs a folder with files of these names, in which the cases take the place of those of earlier sittings;
 * the table lies between `<!-- bench -->` and `<!-- end -->`
 */
export async function keepReport(report: Report, out: string, docs?: string): Promise<void> {
  await makeFolders(out);
  await writeReport(out, report, `${pageOf(report)}\n`);
  if (docs === undefined) return;
  const kept = join(docs, 'performance.json');
  const older = existsSync(kept)
    ? reportSchema.parse(JSON.parse(readFileSync(kept, 'utf8')))
    : { cases: [], threads: [], firstUpdate: [] };
  const whole = mergeReports(older, report);
  const page = readFileSync(join(docs, 'performance.md'), 'utf8');
  const table = `<!-- bench -->\n\n${pageOf(whole)}\n\n<!-- end -->`;
  await writeReport(
    docs,
    whole,
    page.replace(/<!-- bench -->[\s\S]*<!-- end -->/, () => table),
  );
}

async function writeReport(folder: string, report: Report, page: string): Promise<void> {
  await writeFileAtomic(join(folder, 'performance.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeFileAtomic(join(folder, 'performance.md'), page);
}
