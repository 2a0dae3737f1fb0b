import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const environment =
  /'NCN_(COMPILED_PROFILE|DATA|DEBUG|OFFLINE|ONNXRUNTIME|MNIST_MIRRORS|PROGRAM_CACHE|REQUEUE|SPEECH_MIRROR|SUBMISSION)'/g;

/** Every code that the sources can raise. */
function codes(): Set<string> {
  const found = new Set<string>();
  const files = ['core', 'engines', 'media', 'lab', 'cli', 'studies'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true }),
  );
  for (const entry of files) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, code = ''] of source.replaceAll(environment, '').matchAll(/'(NCN_[A-Z_]+)'/g)) {
      found.add(code);
    }
  }
  for (const file of ['core/errors/data.ts', 'media/errors/data.ts']) {
    const data = readFileSync(join(root, file), 'utf8');
    for (const [, code = ''] of data.matchAll(/wrong\(\s*'([A-Z_]+)'/g)) {
      found.add(`NCN_DATA_${code}`);
    }
  }
  return found;
}

test('every error code has its anchor in docs/errors.md, and nothing else has', () => {
  const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const documented = [...text.matchAll(/^### (NCN_[A-Z_]+)$/gm)].map(([, code]) => code);
  expect(documented.sort()).toEqual([...codes()].sort());
});
