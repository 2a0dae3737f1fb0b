import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import { defineStudy, makeFolder } from 'ncn/lab';
import { speechExperiments } from './claims.js';
import {
  claimHead,
  claimRow,
  experimentHead,
  experimentRow,
  judge,
  markdownOf,
  missingRuns,
} from './report.js';
import { speechRuns } from './runs.js';

/** The series put to speech: does adversarial training help? */
export default defineStudy({
  experiments: speechExperiments,
  set: {},
  async report({ directory, records, documents, command, profile, seeds }) {
    const runs = await speechRuns(directory, records);
    const text = markdownOf(runs, { command, profile, seeds });
    const folder = join(directory, 'report');
    const files = [
      join(folder, 'results-speech.md'),
      ...(documents === undefined ? [] : [join(documents, 'results-speech.md')]),
    ];
    await makeFolder(folder);
    for (const file of files) await writeFileAtomic(file, text);
    const judged = judge(runs);
    return {
      tables: [
        {
          head: experimentHead,
          rows: speechExperiments.map((preset) => experimentRow(runs, preset)),
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
