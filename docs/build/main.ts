import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedPages } from './pages.js';
import { writeDocuments } from '../../studies/post/write.js';
import { documentedScales, writePage } from '../../studies/speech/write.js';
import { fromRoot } from './source.js';

// `npm run docs`: writes every generated document anew.
const pages = await generatedPages();
rmSync(fromRoot('docs/reference'), { recursive: true, force: true });
for (const [path, text] of pages) {
  mkdirSync(dirname(fromRoot(path)), { recursive: true });
  writeFileSync(fromRoot(path), text);
}
// Pages of results: from their data files.
await writeDocuments(fromRoot('docs'));
await writePage(fromRoot('docs'), await documentedScales(fromRoot('docs')));
console.log(`${pages.size} documents written to docs/reference`);
