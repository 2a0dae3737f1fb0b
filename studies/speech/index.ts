import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import { defineStudy, makeFolder } from 'ncn/lab';
import { speechExperiments, speechRows, speechVariants } from './claims.js';
import {
  claimHead,
  claimRow,
  conditions,
  experimentHead,
  experimentRow,
  figureFile,
  judge,
  markdownOf,
  missingRuns,
} from './report.js';
import { figureOf } from './figure.js';
import { pageOf } from './page.js';
import { speechRuns } from './runs.js';

/** The series put to speech: does adversarial training help? */
export default defineStudy({
  experiments: speechExperiments,
  variants: speechVariants,
  set: {},
  async report({ directory, records, documents, command, profile, seeds }) {
    const runs = await speechRuns(directory, records);
    const text = markdownOf(runs, { command, profile, seeds });
    const figure = await figureOf(runs, speechRows);
    const report = join(directory, 'report');
    const pages = [report, ...(documents === undefined ? [] : [documents])];
    for (const folder of pages) {
      await makeFolder(join(folder, 'figures'));
      await writeFileAtomic(join(folder, 'results-speech.md'), text);
      await writeFileAtomic(join(folder, figureFile), figure);
    }
    const page = join(report, 'results-speech.html');
    const about = { command, conditions: conditions(runs, profile), figure };
    await writeFileAtomic(page, await pageOf(runs, speechRows, about));
    const files = [...pages.map((folder) => join(folder, 'results-speech.md')), page];
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
