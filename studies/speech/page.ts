import { embeddedSamples, escapeMarkup } from 'ncn/lab';
import { claimHead, claimRow, experimentHead, experimentRow, judge } from './report.js';
import type { SpeechRunFolder } from './runs.js';

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 80rem; color: #222; background: #fff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: left; }
.sounds { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1rem; }
figure { margin: 0; } figure img, figure audio { width: 100%; } figcaption { color: #555; }
pre { background: #f4f4f4; padding: .6rem; overflow-x: auto; }
`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeMarkup(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('\n')}</tbody></table></div>`;
};

/** Spectrograms of the clips and a player of the first of them, each as an address. */
const sound = (
  caption: string,
  { src, files }: { readonly src: string; readonly files: readonly string[] },
): string[] => {
  const [first] = files;
  if (first === undefined) return [];
  const text = escapeMarkup(caption);
  return [
    `<figure><img alt="Spectrograms: ${text}" src="${src}"><audio controls preload="none" src="${first}"></audio><figcaption>${text}</figcaption></figure>`,
  ];
};

/** What the first finished seed of each experiment gives for the same clip, and what it was given. */
async function soundsOf(
  runs: readonly SpeechRunFolder[],
  experiments: readonly string[],
): Promise<string[]> {
  const figures: string[] = [];
  for (const preset of experiments) {
    const found = runs.find(({ run }) => run.preset === preset && run.state === 'done');
    const samples = found === undefined ? undefined : await embeddedSamples(found.directory);
    const newest = samples?.frames.at(-1);
    if (samples === undefined || newest === undefined) continue;
    if (figures.length === 0) {
      figures.push(...samples.given.flatMap((given) => sound(given.label, given)));
    }
    figures.push(...sound(preset, newest));
  }
  return figures;
}

/**
 * The report as one page that needs nothing else, with players.
 * @param figure SVG
 * @throws NcnError where a run's samples cannot be read
 */
export async function pageOf(
  folders: readonly SpeechRunFolder[],
  experiments: readonly string[],
  { command, conditions, figure }: { command: string; conditions: string; figure: string },
): Promise<string> {
  const sounds = await soundsOf(folders, experiments);
  const runs = folders.map(({ run }) => run);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Does adversarial training help with speech?</title><style>${style}</style></head><body>
<h1>Does adversarial training help with speech?</h1>
<pre>${escapeMarkup(command)}</pre>
<p>${escapeMarkup(conditions)}</p>
<h2>The claims</h2>
${table(claimHead, judge(runs).map(claimRow))}
<h2>The experiments</h2>
${figure}
${table(
  experimentHead,
  experiments.map((preset) => experimentRow(runs, preset)),
)}
<h2>To hear and see</h2>
<p>The first finished seed of each experiment; the players have the first of the clips that are drawn.</p>
<div class="sounds">
${sounds.join('\n')}
</div>
</body></html>
`;
}
