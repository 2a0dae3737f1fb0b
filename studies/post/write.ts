import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import {
  keepSeeds,
  makeFolder,
  prettyJson,
  readIfThere,
  readSeeds,
  sampleFile,
  type JobRecord,
} from 'ncn/lab';
import { decodeGrey, encodeGrey, type GreyPicture } from 'ncn/media';
import { analyse } from './analysis.js';
import { runSchema, type Results } from './data.js';
import { htmlOf } from './html.js';
import { pretrainedFigure, untrainedFigure } from './captions.js';
import { figuresPage, languages } from './figures-page.js';
import { markdownOf } from './markdown.js';

const begin = '<!-- generated -->';
const end = '<!-- end -->';

/** Folder of the figures beside the page. */
const figureFolder = 'figures';

/** Numbers of each seed, in a folder of documents. */
const seedFolder = 'results';

/** The page with a new generated part; prose around it stays as it is. */
export function withGenerated(page: string, generated: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  const part = `${begin}\n\n${generated}\n\n${end}`;
  if (from < 0 || to < from) return `# The sixteen experiments\n\n${part}\n`;
  return `${page.slice(0, from)}${part}${page.slice(to + end.length)}`;
}

/** Where documents keep the figures of a scale: those of `quick` at the top. */
const figuresOfProfile = (profile: string): string =>
  profile === 'quick' ? figureFolder : `${figureFolder}/${profile}`;

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
  await writeFigures(join(folder, figureFolder), figures);
  const analysis = analyse(results);
  const paths = [...figures.keys()].map((name) => [name, `${figureFolder}/${name}.png`] as const);
  await writeGenerated(join(folder, 'results.md'), markdownOf([analysis], [new Map(paths)]));
  await writeFileAtomic(join(folder, 'results.json'), prettyJson({ format: 1, ...results }));
  await writeFileAtomic(join(folder, 'results.html'), htmlOf(analysis, figures));
  if (documents === undefined) return;
  const scales = await keepSeeds(
    join(documents, seedFolder),
    results,
    results.runs,
    runSchema,
    (run) => run.conditions?.dataset,
  );
  const own = scales.find(({ profile }) => profile === results.profile);
  // Figures are those of the first seed: later ones do not replace them.
  const first = results.seeds.includes(own?.seeds[0] ?? NaN);
  const place = join(documents, figuresOfProfile(results.profile));
  await writeFigures(place, figures, first);
  await writeDocuments(documents);
}

/**
 * Makes the pages of a folder of documents again, from the numbers and figures that it holds.
 * @throws NcnError where a file of numbers is damaged
 */
export async function writeDocuments(documents: string): Promise<void> {
  for (const [file, text] of await documentedPages(documents)) {
    await writeGenerated(join(documents, file), text);
  }
}

/** The generated parts of the pages by file. @throws NcnError where a file is damaged */
export async function documentedPages(documents: string): Promise<Map<string, string>> {
  const scales = (await readSeeds(join(documents, seedFolder), runSchema)).map(analyse);
  const figures = await Promise.all(
    scales.map(({ results }) => figuresIn(documents, figuresOfProfile(results.profile))),
  );
  return new Map([
    ['results.md', markdownOf(scales, figures)],
    ...languages.map((language): [string, string] => [
      language === 'en' ? 'figures.md' : `figures.${language}.md`,
      figuresPage(scales, figures, language),
    ]),
  ]);
}

/** Figures in a folder by name, as paths from the documents. */
async function figuresIn(documents: string, folder: string): Promise<Map<string, string>> {
  const files = await readdir(join(documents, folder)).catch(() => []);
  const named = files.sort().flatMap((file) => /^(.+)\.png$/.exec(file)?.[1] ?? []);
  return new Map(named.map((name) => [name, `${folder}/${name}.png`]));
}

async function writeGenerated(path: string, generated: string): Promise<void> {
  const page = (await readIfThere(path))?.toString('utf8') ?? '';
  await writeFileAtomic(path, withGenerated(page, generated));
}

async function writeFigures(
  folder: string,
  figures: ReadonlyMap<string, Buffer>,
  replace = true,
): Promise<void> {
  await makeFolder(folder);
  const there = new Set(await readdir(folder));
  for (const [name, png] of figures) {
    const file = `${name}.png`;
    if (replace || !there.has(file)) await writeFileAtomic(join(folder, file), png);
  }
}

/** The figure of each experiment's first finished seed, made small, and those two. */
async function figuresOf(
  sweep: string,
  records: readonly JobRecord[],
  { runs }: Results,
): Promise<Map<string, Buffer>> {
  const figures = new Map<string, Buffer>();
  const add = async (name: string, job: string, picture: string): Promise<void> => {
    const file = join(sweep, job, 'images', picture);
    const png = figures.has(name) ? undefined : await readIfThere(file);
    if (png !== undefined) figures.set(name, encodeGrey(halved(decodeGrey(png, file))));
  };
  const bySeed = [...records].sort((a, b) => a.job.request.seed - b.job.request.seed);
  for (const { job, state } of bySeed) {
    if (state !== 'done') continue;
    const { preset, seed } = job.request;
    await add(preset, job.name, 'figure.png');
    await add(untrainedFigure, job.name, 'before-training.png');
    const run = runs.find((other) => other.preset === preset && other.seed === seed);
    const [first, second] = run?.conditions?.phases ?? [];
    if (first === undefined || second === undefined) continue;
    await add(pretrainedFigure, job.name, sampleFile(first.updates));
  }
  return figures;
}

/** Half as wide and high; each pixel is the mean of four. */
function halved({ width, height, data }: GreyPicture): GreyPicture {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const small = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      const four = [at, at + 1, at + width, at + width + 1];
      small[y * w + x] = four.reduce((sum, i) => sum + (data[i] ?? 0), 0) / 4;
    }
  }
  return { width: w, height: h, data: small };
}
