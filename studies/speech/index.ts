import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import { defineStudy } from 'ncn/lab';
import { speechExperiments, speechRows, speechVariants } from './claims.js';
import {
  claimHead,
  claimRow,
  conditions,
  experimentHead,
  experimentRow,
  judge,
  missingRuns,
} from './report.js';
import { figureOf } from './figure.js';
import { pageOf } from './page.js';
import { speechRuns } from './runs.js';
import { addToDocuments, expectOwnPages, pageFile, writePage } from './write.js';

/** The series put to speech: does adversarial training help? */
export default defineStudy({
  experiments: speechExperiments,
  variants: speechVariants,
  // Beside the best that others offer, where the machine has it.
  set: { 'speech.metrics.gtcrn': true, 'speech.dnsmos.gtcrn': true },
  expectOwnPages,
  async report({ directory, records, documents, command, settings, profile, seeds }) {
    const folders = await speechRuns(directory, records);
    const runs = folders.map(({ run }) => run);
    const scale = { command, settings, profile, seeds, runs };
    const report = join(directory, 'report');
    await writePage(report, [scale]);
    if (documents !== undefined) await addToDocuments(documents, scale);
    const page = join(report, 'results-speech.html');
    const figure = await figureOf(runs, speechRows);
    const about = { command, conditions: conditions(runs, profile), figure };
    await writeFileAtomic(page, await pageOf(folders, speechRows, about));
    const pages = [report, ...(documents === undefined ? [] : [documents])];
    const files = [...pages.map((folder) => join(folder, pageFile)), page];
    const judged = judge(runs);
    return {
      tables: [
        {
          head: experimentHead,
          rows: speechRows.map((preset) => experimentRow(runs, preset)),
        },
        { head: claimHead, rows: judged.map(claimRow) },
      ],
      missing: missingRuns(runs, seeds),
      written: files.map((file) => `report: ${file}`),
      json: {
        runs: runs.map(({ preset, seed, state, test }) => ({ preset, seed, state, test })),
        claims: judged.map(({ claim, verdict }) => ({ id: claim.id, verdict })),
      },
    };
  },
});
