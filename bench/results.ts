/**
 * Runs the sixteen documented experiments in the quick profile and writes docs/results.md:
 * `npm run results`. Runs that are finished in `--runs DIR` (default runs/results) are not run
 * again; those that were stopped are resumed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { PresetLibrary } from '../core/experiment/library.js';
import { manifestSchema } from '../core/trainer/manifest.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: 'runs/results' },
    engine: { type: 'string', default: 'auto' },
  },
});
const main = resolve(import.meta.dirname, '../core/cli/main.js');
const summarySchema = z.object({
  results: z.record(z.string(), z.union([z.number(), z.string()])),
  time: z.object({ secondsOfThisProcess: z.number() }),
});

/** What the post says of each experiment by eye; `fails`: the output is the reference. */
const verdicts: Readonly<Record<string, string>> = {
  dcnn_v1: 'good',
  dcnn_v2: 'good',
  dcnn_v3: 'worse',
  dcnn_v5: 'not bad',
  dcgans_v1: 'good',
  dcgans_v2: 'fails',
  dcgans_v3: 'fails',
  dcgans_v4: 'good',
  dcgans_v5: 'fails',
  dcgans_v6: 'fails',
  dcgans_v7: 'good',
  conditional_v1: 'worse than v3',
  conditional_v2: 'worse than v3',
  conditional_v3: 'good',
  conditional_v4: 'as v3',
  conditional_v5: 'good',
};

function train(preset: string, folder: string): void {
  if (existsSync(join(folder, 'summary.json'))) return;
  const args = existsSync(join(folder, 'manifest.json'))
    ? ['resume', folder]
    : [
        '--preset',
        preset,
        '--profile',
        'quick',
        '--engine',
        values.engine,
        '--threads',
        '1',
        '--run-dir',
        folder,
      ];
  const { status } = spawnSync(process.execPath, [main, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const library = await PresetLibrary.load();
const rows: string[] = [];
const data: Record<string, unknown> = {};
let conditions = '';
mkdirSync(values.runs, { recursive: true });
for (const name of Object.keys(verdicts)) {
  const folder = join(values.runs, name);
  train(library.preset(name).name, folder);
  const summary = summarySchema.parse(
    JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')),
  );
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')),
  );
  const { results, time } = summary;
  const show = (metric: string, digits: number): string => Number(results[metric]).toFixed(digits);
  const share = (metric: string): string => `${(100 * Number(results[metric])).toFixed(1)} %`;
  rows.push(
    `| \`${name}\` | ${verdicts[name] ?? ''} | ${show('test/content', 4)} | ${show('test/batch/content', 4)} | ${show('test/psnr', 1)} | ${show('test/batch/psnr', 1)} | ${show('test/batch/ssim', 3)} | ${share('test/collapseRate')} | ${share('test/batch/collapseRate')} | ${time.secondsOfThisProcess.toFixed(0)} s |`,
  );
  data[name] = {
    results,
    engine: manifest.engine,
    // Not where it came from: that is a folder of the machine.
    dataset: {
      name: manifest.dataset.name,
      hash: manifest.dataset.hash,
      trainImages: manifest.dataset.trainImages,
      testImages: manifest.dataset.testImages,
    },
    seconds: time.secondsOfThisProcess,
  };
  conditions = `${manifest.dataset.name} (SHA-256 ${manifest.dataset.hash.slice(0, 12)}), engine ${manifest.engine.name} (${manifest.engine.version}, ${manifest.engine.device}), ${manifest.environment['cpu'] ?? ''}`;
}
writeFileSync('docs/results.json', `${JSON.stringify(data, null, 1)}\n`);
const table = [
  '| preset | the post says | content | content, batch BN | PSNR | PSNR, batch BN | SSIM, batch BN | collapse | collapse, batch BN | time |',
  '|---|---|---|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
const page = readFileSync('docs/results.md', 'utf8');
const marked = /<!-- table -->[\s\S]*<!-- end -->/;
writeFileSync(
  'docs/results.md',
  page.replace(marked, `<!-- table -->\n\n${conditions}\n\n${table}\n\n<!-- end -->`),
);
console.log(`${table}\n\nwritten to docs/results.md and docs/results.json`);
