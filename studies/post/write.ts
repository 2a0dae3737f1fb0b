import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import {
  keepSeeds,
  makeFolder,
  prettyJson,
  readOwnPage,
  readSeeds,
  scaleStem,
  whileHolding,
  type JobRecord,
} from 'ncn/lab';
import { analyse } from './analysis.js';
import { runSchema, type Results } from './data.js';
import { htmlOf } from './html.js';
import type { Language } from './captions.js';
import { figuresPage, figuresTitle, languages } from './figures-page.js';
import { markdownOf } from './markdown.js';
import { figuresOf, type Figure } from './pictures.js';

const begin = '<!-- generated -->';
const end = '<!-- end -->';

/** Folder of the figures beside the page. */
const figureFolder = 'figures';

/** Numbers of each seed, in a folder of documents. */
const seedFolder = 'results';

/** The part of a page that is generated, in a page of documents. */
interface GeneratedPage {
  readonly text: string;
  /** Stands above it where the page is new. */
  readonly title: string;
}

const resultsFile = 'results.md';
const resultsTitle = 'The sixteen experiments';

const figuresFile = (language: Language): string =>
  language === 'en' ? 'figures.md' : `figures.${language}.md`;

/** Whether a page says where its generated part stands. */
const isMarked = (page: string): boolean =>
  page.includes(begin) && page.indexOf(end) > page.indexOf(begin);

/** The page with a new generated part; prose around it stays as it is. */
export function withGenerated(page: string, { text, title }: GeneratedPage): string {
  const part = `${begin}\n\n${text}\n\n${end}`;
  if (!isMarked(page)) return `# ${title}\n\n${part}\n`;
  return `${page.slice(0, page.indexOf(begin))}${part}${page.slice(page.indexOf(end) + end.length)}`;
}

/**
 * Refuses a folder of documents in which other pages stand where ours would be.
 * @throws NcnError `NCN_REPORT_OVERWRITE`
 */
export async function expectOwnPages(documents: string): Promise<void> {
  for (const file of [resultsFile, ...languages.map(figuresFile)]) {
    await readOwnPage(join(documents, file), isMarked);
  }
}

/** Where documents keep the figures of a scale: those of `quick` at the top. */
function figuresOfScale(scale: Results): string {
  const stem = scaleStem(scale);
  return stem === 'quick' ? figureFolder : `${figureFolder}/${stem}`;
}

/** Where a sweep keeps its report. */
export const reportFolder = (sweep: string): string => join(sweep, 'report');

/**
 * Writes `results.json`, `results.md`, `results.html` and `figures/` into the sweep's report folder.
 * Equal numbers give equal files. Into a folder of documents, where one is given, the numbers of
 * each seed in `results/`, and pages made of all seeds and scales that are there.
 * @param sweep the folder that the runs are in
 * @throws NcnError where a file cannot be written
 */
export async function writeReport(
  results: Results,
  sweep: string,
  records: readonly JobRecord[],
  documents?: string,
): Promise<void> {
  const figures = await figuresOf(sweep, records, results);
  const folder = reportFolder(sweep);
  await writeFigures(join(folder, figureFolder), figures, () => true);
  const analysis = analyse(results);
  const paths = [...figures.keys()].map((name) => [name, `${figureFolder}/${name}.png`] as const);
  const text = markdownOf([analysis], [new Map(paths)]);
  await writeGenerated(join(folder, resultsFile), { text, title: resultsTitle });
  const { command, profile, seeds, runs } = results;
  const numbers = prettyJson({ format: 1, command, profile, seeds, runs });
  await writeFileAtomic(join(folder, 'results.json'), numbers);
  await writeFileAtomic(join(folder, 'results.html'), htmlOf(analysis, figures));
  if (documents !== undefined) await addToDocuments(documents, results, figures);
}

/** Adds a sweep's numbers and figures to a folder of documents, and makes its pages again. */
async function addToDocuments(
  documents: string,
  results: Results,
  figures: ReadonlyMap<string, Figure>,
): Promise<void> {
  await makeFolder(documents);
  await whileHolding(documents, async () => {
    await expectOwnPages(documents);
    const scales = await keepSeeds(
      join(documents, seedFolder),
      results,
      results.runs,
      runSchema,
      (run) => run.conditions?.dataset,
    );
    const own = scales.find(({ settings }) => settings === results.settings);
    // Figures are those of the first seed: later ones do not replace them.
    const first = own?.seeds[0] ?? 0;
    const place = join(documents, figuresOfScale(results));
    await writeFigures(place, figures, ({ seed }) => seed <= first);
    await writeDocuments(documents);
  });
}

/**
 * Makes the pages of a folder of documents again, from the numbers and figures that it holds.
 * @throws NcnError where a file of numbers is damaged
 */
export async function writeDocuments(documents: string): Promise<void> {
  for (const [file, page] of await documentedPages(documents)) {
    await writeGenerated(join(documents, file), page);
  }
}

/** The generated parts of the pages by file. @throws NcnError where a file is damaged */
export async function documentedPages(documents: string): Promise<Map<string, GeneratedPage>> {
  const scales = (await readSeeds(join(documents, seedFolder), runSchema)).map(analyse);
  const figures = await Promise.all(
    scales.map(({ results }) => figuresIn(documents, figuresOfScale(results))),
  );
  const results = { text: markdownOf(scales, figures), title: resultsTitle };
  return new Map([
    [resultsFile, results],
    ...languages.map((language): [string, GeneratedPage] => [
      figuresFile(language),
      { text: figuresPage(scales, figures, language), title: figuresTitle[language] },
    ]),
  ]);
}

/** Figures in a folder by name, as paths from the documents. */
async function figuresIn(documents: string, folder: string): Promise<Map<string, string>> {
  const files = await readdir(join(documents, folder)).catch(() => []);
  const named = files.sort().flatMap((file) => /^(.+)\.png$/.exec(file)?.[1] ?? []);
  return new Map(named.map((name) => [name, `${folder}/${name}.png`]));
}

async function writeGenerated(path: string, generated: GeneratedPage): Promise<void> {
  const page = await readOwnPage(path, isMarked);
  await writeFileAtomic(path, withGenerated(page, generated));
}

/** @param replaces whether a figure takes the place of the one that is there */
async function writeFigures(
  folder: string,
  figures: ReadonlyMap<string, Figure>,
  replaces: (figure: Figure) => boolean,
): Promise<void> {
  await makeFolder(folder);
  const there = new Set(await readdir(folder));
  for (const [name, figure] of figures) {
    const file = `${name}.png`;
    if (!there.has(file) || replaces(figure)) await writeFileAtomic(join(folder, file), figure.png);
  }
}
