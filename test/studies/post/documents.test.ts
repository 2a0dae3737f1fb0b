import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { claims } from '../../../studies/post/claims.js';
import { postExperiments } from '../../../studies/post/experiments.js';
import { documentedPages, withGenerated } from '../../../studies/post/write.js';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const read = (file: string): string => readFileSync(join(docs, file), 'utf8');

test('the pages of the results are what their data files say', async () => {
  const pages = await documentedPages(docs);
  expect([...pages.keys()]).toEqual(['results.md', 'figures.md', 'figures.ko.md']);
  for (const [file, page] of pages) expect(read(file)).toBe(withGenerated(read(file), page));
});

test('a number that the files do not say is not in the tables', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-documents-'));
  await cp(join(docs, 'results'), join(folder, 'results'), { recursive: true });
  const file = join(folder, 'results', 'quick-seed-1.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"content": 0\.0\d+/g, '"content": 0.9'));
  const pages = await documentedPages(folder);
  const page = pages.get('results.md') ?? { title: '', text: '' };
  expect(page.text.length).toBeGreaterThan(1000);
  expect(read('results.md')).not.toBe(withGenerated(read('results.md'), page));
  await writeFile(file, text.slice(0, 500));
  await expect(documentedPages(folder)).rejects.toMatchObject({ code: 'NCN_RUN_INVALID_JSON' });
});

test('both languages of the figures say the same numbers', () => {
  const tables = (file: string): string =>
    read(file)
      .split('\n')
      .filter((line) => /^\| (quick|standard)/.test(line))
      .join('\n');
  expect(tables('figures.md').split('\n').length).toBeGreaterThan(15);
  expect(tables('figures.ko.md')).toBe(tables('figures.md'));
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
