import { join } from 'node:path';
import { writeFileAtomic } from 'ncn';
import { makeFolder, prettyJson, readIfThere, type JobRecord } from 'ncn/lab';
import { decodeGrey, encodeGrey, type GreyPicture } from 'ncn/media';
import { analyse } from './analysis.js';
import type { Results } from './data.js';
import { htmlOf } from './html.js';
import { markdownOf } from './markdown.js';

const begin = '<!-- generated -->';
const end = '<!-- end -->';

/** Folder of the figures beside the page. */
const figureFolder = 'figures';

/** The page with a new generated part; prose around it stays as it is. */
export function withGenerated(page: string, generated: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  const part = `${begin}\n\n${generated}\n\n${end}`;
  if (from < 0 || to < from) return `# The sixteen experiments\n\n${part}\n`;
  return `${page.slice(0, from)}${part}${page.slice(to + end.length)}`;
}

/** The generated part of `results.md`, from `results.json` and the names of the figures. */
export function generatedPart(results: Results, presets: Iterable<string>): string {
  const figures = new Map([...presets].map((preset) => [preset, `${figureFolder}/${preset}.png`]));
  return markdownOf(analyse(results), figures);
}

/** Where a sweep keeps its report. */
export const reportFolder = (sweep: string): string => join(sweep, 'report');

/**
 * Writes `results.json`, `results.md` and `figures/` into the sweep's report folder and, where one
 * is given, into a folder of documents, and the page `results.html` into the former. Equal numbers
 * give equal files.
 * @param sweep the folder that the runs are in
 * @throws NcnError where a file cannot be written
 */
export async function writeReport(
  results: Results,
  sweep: string,
  records: readonly JobRecord[],
  documents?: string,
): Promise<void> {
  const figures = await figuresOf(sweep, records);
  const folder = reportFolder(sweep);
  for (const place of [folder, ...(documents === undefined ? [] : [documents])]) {
    await writeDocuments(place, results, figures);
  }
  await writeFileAtomic(join(folder, 'results.html'), htmlOf(analyse(results), figures));
}

async function writeDocuments(
  folder: string,
  results: Results,
  figures: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const pictures = join(folder, figureFolder);
  await makeFolder(pictures);
  for (const [preset, png] of figures) {
    await writeFileAtomic(join(pictures, `${preset}.png`), png);
  }
  const page = (await readIfThere(join(folder, 'results.md')))?.toString('utf8') ?? '';
  const generated = generatedPart(results, figures.keys());
  await writeFileAtomic(join(folder, 'results.json'), prettyJson(results));
  await writeFileAtomic(join(folder, 'results.md'), withGenerated(page, generated));
}

/** The figure of each experiment's first finished seed, made small. */
async function figuresOf(
  sweep: string,
  records: readonly JobRecord[],
): Promise<Map<string, Buffer>> {
  const figures = new Map<string, Buffer>();
  const bySeed = [...records].sort((a, b) => a.job.request.seed - b.job.request.seed);
  for (const { job, state } of bySeed) {
    const { preset } = job.request;
    if (state !== 'done' || figures.has(preset)) continue;
    const file = join(sweep, job.name, 'images', 'figure.png');
    const png = await readIfThere(file);
    if (png !== undefined) figures.set(preset, encodeGrey(halved(decodeGrey(png, file))));
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
