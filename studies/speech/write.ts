import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import { keepSeeds, makeFolder, readSeeds, type Scale } from 'ncn/lab';
import { speechRows } from './claims.js';
import { figureOf } from './figure.js';
import { figureFile, markdownOf } from './report.js';
import { speechRunSchema, type SpeechRun } from './runs.js';

export const pageFile = 'results-speech.md';

/** Numbers of each seed, in a folder of documents. */
const seedFolder = join('results', 'speech');

/** Writes the page of some scales and the figure of each. @throws NcnError where it cannot */
export async function writePage(
  folder: string,
  scales: readonly Scale<SpeechRun>[],
): Promise<void> {
  await makeFolder(join(folder, 'figures'));
  await writeFileAtomic(join(folder, pageFile), markdownOf(scales));
  for (const { profile, runs } of scales) {
    await writeFileAtomic(join(folder, figureFile(profile)), await figureOf(runs, speechRows));
  }
}

/**
 * Keeps the runs' numbers in a folder of documents, and makes its page of all that it holds.
 * @throws NcnError where a file is damaged or cannot be written
 */
export async function addToDocuments(documents: string, scale: Scale<SpeechRun>): Promise<void> {
  const folder = join(documents, seedFolder);
  await writePage(documents, await keepSeeds(folder, scale, scale.runs, speechRunSchema, dataOf));
}

/** The hash beside the name is another for each size of the simulation. */
const dataOf = ({ dataset }: SpeechRun): string | undefined => /^[^ ]+/.exec(dataset)?.[0];

/** What a folder of documents holds. @throws NcnError where a file is damaged */
export const documentedScales = (documents: string): Promise<Scale<SpeechRun>[]> =>
  readSeeds(join(documents, seedFolder), speechRunSchema);
