import { escapeMarkup } from 'ncn/lab';
import type { Analysis } from './analysis.js';
import { describeConditions, describeMissing } from './conditions.js';
import type { Figure } from './pictures.js';
import {
  claimCells,
  claimHead,
  experimentCells,
  experimentHead,
  partCells,
  partHead,
  spreadCells,
  spreadHead,
} from './tables.js';
import { explanations } from './text.js';

const cellOf = (text: string): string =>
  ['confirmed', 'contradicted', 'undecided'].includes(text)
    ? `<td class="${text}">${text}</td>`
    : `<td>${escapeMarkup(text)}</td>`;

function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  caption: string,
): string {
  const top = head.map((cell) => `<th>${escapeMarkup(cell)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map(cellOf).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><caption>${escapeMarkup(caption)}</caption><thead><tr>${top}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 110rem; color: #222; background: #fff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
caption { caption-side: bottom; text-align: left; color: #555; padding: .4rem 0 1rem; }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #888; }
.confirmed { color: #0a6b2d; } .contradicted { color: #a3160f; } .undecided { color: #666; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; }
figure { margin: 0; } figure img { width: 100%; } figcaption { color: #555; }
pre { background: #f4f4f4; padding: .6rem; overflow-x: auto; }
`;

/**
 * The report as one page that needs nothing else.
 * @param figures of each experiment
 */
export function htmlOf(analysis: Analysis, figures: ReadonlyMap<string, Figure>): string {
  const { results, rows, claims } = analysis;
  const conditions = `${describeConditions(results)}.`;
  const missing = describeMissing(
    results,
    rows.map(({ preset }) => preset),
  );
  const pictures = rows.flatMap(({ preset, post }) => {
    const figure = figures.get(preset);
    if (figure === undefined) return [];
    const source = `data:image/png;base64,${figure.png.toString('base64')}`;
    return [
      `<figure><img alt="${escapeMarkup(preset)}" src="${source}"><figcaption>${escapeMarkup(preset)} (the post says: ${escapeMarkup(post)})</figcaption></figure>`,
    ];
  });
  const paragraph = (text: string): string => `<p>${escapeMarkup(text)}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>The sixteen experiments, profile ${escapeMarkup(results.profile)}</title><style>${style}</style></head><body>
<h1>The sixteen experiments, profile ${escapeMarkup(results.profile)}</h1>
<pre>${escapeMarkup(results.command)}</pre>
<h2>The claims</h2>
${paragraph(explanations.claims)}
${tableOf(claimHead, claims.map(claimCells), conditions)}
<h2>The experiments</h2>
${paragraph(explanations.numbers)}
${paragraph(explanations.scale)}
${tableOf(experimentHead, rows.map(experimentCells), conditions)}
<h2>The spread over seeds</h2>
${paragraph(explanations.spread)}
${tableOf(spreadHead, rows.map(spreadCells), conditions)}
<h2>What was measured for each claim</h2>
${paragraph(explanations.power)}
${tableOf(partHead, claims.flatMap(partCells), conditions)}
<h2>What is missing</h2>
${missing.length === 0 ? paragraph('Nothing: every run is done.') : `<ul>${missing.map((line) => `<li>${escapeMarkup(line)}</li>`).join('')}</ul>`}
<h2>The figures</h2>
${paragraph(`${explanations.figures} ${conditions}`)}
<div class="figures">
${pictures.join('\n')}
</div>
</body></html>
`;
}
