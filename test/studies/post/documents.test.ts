import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { claims } from '../../../studies/post/claims.js';
import { resultsSchema } from '../../../studies/post/data.js';
import { postExperiments } from '../../../studies/post/experiments.js';
import { generatedPart, withGenerated } from '../../../studies/post/write.js';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const read = (file: string): string => readFileSync(join(docs, file), 'utf8');

/** Every folder of documents that holds results: one for each scale that was run. */
const folders = readdirSync(docs, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name === 'results.json')
  .map((entry) => entry.parentPath);

test.each(folders)('the tables in %s are what its data file says', (folder) => {
  const results = resultsSchema.parse(
    JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')),
  );
  const figures = join(folder, 'figures');
  const presets = (existsSync(figures) ? readdirSync(figures) : []).map((f) =>
    f.replace('.png', ''),
  );
  const ordered = postExperiments.filter((preset) => presets.includes(preset));
  const page = readFileSync(join(folder, 'results.md'), 'utf8');
  expect(page).toBe(withGenerated(page, generatedPart(results, ordered)));
  // A number that the file does not say is not in the table.
  const [run] = results.runs;
  if (run?.test === null || run?.test === undefined) throw new Error('the first run has no result');
  const other = { ...results, runs: [{ ...run, test: { ...run.test, content: 0.9 } }] };
  expect(page).not.toBe(withGenerated(page, generatedPart(other, ordered)));
});

test('there are results', () => {
  expect(folders).toContain(docs);
});

/** What a preset of the post says of itself. */
const aboutSchema = z.object({ figures: z.array(z.number()), claims: z.array(z.string()) });

test('every experiment and claim of the presets is covered', async () => {
  const library = await PresetLibrary.load();
  const listed = library.list().flatMap(({ name, about }) => {
    const parsed = aboutSchema.safeParse(about);
    return parsed.success ? [{ name, own: parsed.data.claims }] : [];
  });
  expect(listed.length).toBeGreaterThan(0);
  const used = new Set(claims.flatMap(({ parts }) => parts.flatMap(({ presets }) => presets)));
  for (const { name } of listed) {
    expect(postExperiments).toContain(name);
    expect(used).toContain(name);
  }
  const ids = new Set(listed.flatMap(({ own }) => own));
  for (const id of ids) expect(claims.map((claim) => claim.id)).toContain(id);
  expect(claims.map(({ id }) => id)).toEqual(Array.from({ length: 11 }, (_, i) => `C${i + 1}`));
});

test('the page about the claims states every criterion', () => {
  const lines = read('claims.md')
    .split('\n')
    .filter((line) => line.startsWith('| C'));
  for (const { id, parts } of claims) {
    const own = lines.filter((line) => new RegExp(`\\b${id}\\b`).test(line.split('|')[1] ?? ''));
    for (const { criterion, presets } of parts) {
      const line = own.find((text) => text.split('|')[3]?.trim() === criterion);
      expect(line, `${id}: ${criterion}`).toBeDefined();
      if (id === 'C11') continue; // "each GAN variant"
      for (const preset of presets) expect(line).toContain(preset);
    }
  }
});
