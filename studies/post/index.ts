import { join } from 'node:path';
import { defineStudy } from 'ncn/lab';
import { analyse } from './analysis.js';
import { collectResults } from './collect.js';
import { describeMissing } from './conditions.js';
import { postExperiments } from './experiments.js';
import { claimCells, claimHead, experimentCells, experimentHead } from './tables.js';
import { expectOwnPages, reportFolder, writeReport } from './write.js';

/** Of an experiment's cells, those that fit on a console. */
const shown = [0, 2, 4, 5, 6, 7, 8];
const pick = (cells: readonly string[]): string[] => shown.map((i) => cells[i] ?? '');

/** The sixteen experiments of the post, and what it concluded from them. */
export default defineStudy({
  experiments: postExperiments,
  // On every test image, whatever the profile does to save time.
  set: { 'evaluation.testExamples': null },
  expectOwnPages,
  async report({ directory, records, documents, command, settings, profile, seeds }) {
    const about = { command, settings, profile, seeds };
    const results = await collectResults(directory, records, about);
    await writeReport(results, directory, records, documents);
    const { rows, claims } = analyse(results);
    const missing = describeMissing(
      results,
      rows.map(({ preset }) => preset),
    );
    const folder = reportFolder(directory);
    return {
      tables: [
        { head: pick(experimentHead), rows: rows.map(experimentCells).map(pick) },
        { head: claimHead.slice(0, 4), rows: claims.map((claim) => claimCells(claim).slice(0, 4)) },
      ],
      missing,
      written: [
        `report: ${join(folder, 'results.html')}, results.md and results.json beside it`,
        ...(documents === undefined
          ? []
          : [`and in ${documents}: results.md, figures, and the numbers of each seed in results/`]),
      ],
      json: { folder, missing, claims },
    };
  },
});
