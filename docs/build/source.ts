import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The repository, from the sources as from `dist`. */
export function fromRoot(path: string): string {
  const up = import.meta.url.includes('/dist/') ? '../../../' : '../../';
  return fileURLToPath(new URL(`${up}${path}`, import.meta.url));
}

/** The interfaces of a source file by name: their text with docstrings, and what they extend. */
export function interfacesIn(
  path: string,
): Map<string, { text: string; extends: readonly string[] }> {
  const text = readFileSync(fromRoot(path), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, { text: string; extends: readonly string[] }>();
  file.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node)) return;
    const bases = (node.heritageClauses ?? []).flatMap(({ types }) =>
      types.map((type) => type.expression.getText(file)),
    );
    found.set(node.name.text, { text: node.getText(file), extends: bases });
  });
  return found;
}
