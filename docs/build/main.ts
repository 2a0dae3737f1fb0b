import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedPages } from './pages.js';
import { fromRoot } from './source.js';

// `npm run docs`: writes every generated document anew.
const pages = await generatedPages();
rmSync(fromRoot('docs/reference'), { recursive: true, force: true });
for (const [path, text] of pages) {
  mkdirSync(dirname(fromRoot(path)), { recursive: true });
  writeFileSync(fromRoot(path), text);
}
console.log(`${pages.size} documents written to docs/reference`);
