import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import { keepSeeds, makeFolder, readOwnPage, readSeeds, whileHolding, type Scale } from 'ncn/lab';
import { speechRows } from './claims.js';
import { figureOf } from './figure.js';
import { figureFile, generatedBy, markdownOf } from './report.js';
import { speechRunSchema, type SpeechRun } from './runs.js';

export const pageFile = 'results-speech.md';

/** Numbers of each seed, in a folder of documents. */
const seedFolder = join('results', 'speech');

/** Writes the page of some scales and the figure of each. @throws NcnError where it cannot */
export async function writePage(
  folder: string,
  scales: readonly Scale<SpeechRun>[],
): Promise<void> {
  await expectOwnPages(folder);
  await makeFolder(join(folder, 'figures'));
  await writeFileAtomic(join(folder, pageFile), markdownOf(scales));
  for (const scale of scales) {
    const file = join(folder, figureFile(scale));
    await writeFileAtomic(file, await figureOf(scale.runs, speechRows));
  }
}

/**
 * Refuses a folder in which another page stands where ours would be.
 * @throws NcnError `NCN_REPORT_OVERWRITE`
 */
export async function expectOwnPages(folder: string): Promise<void> {
  await readOwnPage(join(folder, pageFile), (text) => text.includes(generatedBy));
}

/**
 * Keeps the runs' numbers in a folder of documents, and makes its page of all that it holds.
 * @throws NcnError where a file is damaged or cannot be written
 */
export async function addToDocuments(documents: string, scale: Scale<SpeechRun>): Promise<void> {
  const folder = join(documents, seedFolder);
  await makeFolder(documents);
  await whileHolding(documents, async () => {
    await expectOwnPages(documents);
    await writePage(documents, await keepSeeds(folder, scale, scale.runs, speechRunSchema, dataOf));
  });
}

/** The hash beside the name is another for each size of the simulation. */
const dataOf = ({ dataset }: SpeechRun): string | undefined => /^[^ ]+/.exec(dataset)?.[0];

/** What a folder of documents holds. @throws NcnError where a file is damaged */
export const documentedScales = (documents: string): Promise<Scale<SpeechRun>[]> =>
  readSeeds(join(documents, seedFolder), speechRunSchema);
