import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { markdownIn, read, root } from './documents.js';

const pages = ['README.md', 'README.ko.md', ...markdownIn('docs')];

/** What the package holds, as the folders and files of `files` in package.json. */
const packed = [
  ...(JSON.parse(read('package.json')) as { files: string[] }).files,
  'README.ko.md', // npm packs every README
];

/** Targets of the links of a page inside the repository: path and anchor. */
const linksOf = (page: string): { path: string; anchor: string | undefined }[] =>
  [
    ...read(page)
      .replaceAll(/```[\s\S]*?```/g, '')
      .matchAll(/\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]*))?\)/g),
  ].map(([, path = '', anchor]) => ({
    path: path === '' ? page : normalize(join(dirname(page), path)),
    anchor,
  }));

/** Anchors of the headings of a page, as GitHub makes them. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

test.each(pages)('links of %s lead to files that are there, in the package too', (page) => {
  for (const { path, anchor } of linksOf(page)) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(
      packed.some((entry) => path === entry || path.startsWith(`${entry}/`)),
      path,
    ).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(path), `${path}#${anchor}`).toContain(anchor);
  }
});

test('the pages do have links', () => {
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(100);
});
