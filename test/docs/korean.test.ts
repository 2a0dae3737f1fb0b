import { expect, test } from 'vitest';
import { read } from './documents.js';

/** One part of a README, from a heading to the next, without prose. */
interface Section {
  readonly level: number;
  /** Commands and programs, line by line. */
  readonly code: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly links: readonly string[];
  /** Inline code and numbers of the prose, sorted: the order of words differs. */
  readonly terms: readonly string[];
}

const numbersIn = (text: string): string[] => text.match(/\d[\d,.]*\d|\d/g) ?? [];
const codeIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map((m) => (m[1] ?? '').replaceAll(/\s+/g, ' '));
const targetsIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)]+)\)/g)].map((m) => m[1] ?? '');
const isRow = (line: string): boolean => line.startsWith('|');
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

function sectionsOf(path: string): Section[] {
  const parts: { level: number; code: string[]; rows: string[][]; prose: string }[] = [];
  let fenced = false;
  for (const line of read(path).split('\n')) {
    const heading = fenced ? null : /^(#+) /.exec(line);
    if (heading !== null || parts.length === 0) {
      parts.push({ level: heading?.[1]?.length ?? 0, code: [], rows: [], prose: '' });
    }
    const part = parts.at(-1);
    if (part === undefined) continue;
    if (line.startsWith('```')) fenced = !fenced;
    if (fenced || line.startsWith('```') || line.startsWith('    ')) part.code.push(line);
    else if (isRow(line)) {
      if (!/^[|\s:-]+$/.test(line)) part.rows.push(cellsOf(line));
    } else part.prose += `${line}\n`;
  }
  return parts.map(({ level, code, rows, prose }) => {
    const text = prose.replaceAll(/\]\([^)]*\)/g, ']').replaceAll(/`[^`]+`/g, ' ');
    const terms = [...codeIn(prose), ...numbersIn(text)].sort();
    return { level, code, rows, links: targetsIn(prose).sort(), terms };
  });
}

const english = sectionsOf('README.md');
const korean = sectionsOf('README.ko.md');

/** Words of English, beyond names in code: such a cell is translated, and its numbers are kept. */
const isProse = (cell: string): boolean => /[a-z]{3}/i.test(cell.replaceAll(/`[^`]+`/g, ''));

test('README.ko.md has the sections of README.md', () => {
  expect(korean.map(({ level }) => level)).toEqual(english.map(({ level }) => level));
});

test.each(english.map((section, i) => [i, section] as const))(
  'section %i of README.ko.md: code, tables, links, numbers and names are those of README.md',
  (i, section) => {
    const translated = korean[i];
    expect(translated?.code).toEqual(section.code);
    expect(
      translated?.links
        .filter((link) => !/^README/.test(link))
        .map((link) => link.replace('.ko.md', '.md'))
        .sort(),
    ).toEqual(section.links.filter((link) => !/^README/.test(link)));
    expect(translated?.terms).toEqual(section.terms);
    expect(translated?.rows.map((row) => row.length)).toEqual(section.rows.map((r) => r.length));
    for (const [y, row] of section.rows.entries()) {
      for (const [x, cell] of row.entries()) {
        const other = translated?.rows[y]?.[x] ?? '';
        if (!isProse(cell)) expect(other).toBe(cell);
        expect(numbersIn(other), other).toEqual(numbersIn(cell));
        expect(codeIn(other), other).toEqual(codeIn(cell));
      }
    }
  },
);
