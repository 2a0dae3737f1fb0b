import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const core = join(root, 'core');

/** The folder of `core` that a file lies in; '' for the public entry and what lies beside it. */
function folderOf(file: string): string {
  const [first = '', ...rest] = relative(core, file).split(sep);
  return rest.length === 0 ? '' : first;
}

/** By folder, the others that its files import, each with one of these files. */
function imports(): Map<string, Map<string, string>> {
  const graph = new Map<string, Map<string, string>>();
  for (const entry of readdirSync(core, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    // The pages' client is a program of its own.
    if (!entry.isFile() || !/\.ts$/.test(file) || file.includes(`report${sep}client`)) continue;
    const from = folderOf(file);
    const others = graph.get(from) ?? new Map<string, string>();
    graph.set(from, others);
    for (const [, spec = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const to = folderOf(resolve(dirname(file), spec));
      if (to !== from && !others.has(to)) others.set(to, relative(root, file));
    }
  }
  return graph;
}

const graph = imports();
// The public entry gathers everything, and the command line hands it to plugins.
graph.delete('');

test('no folder of core imports itself by way of others', () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (folder: string, path: readonly string[]): void => {
    if (path.includes(folder)) {
      const cycle = [...path.slice(path.indexOf(folder)), folder];
      cycles.push(
        cycle
          .slice(1)
          .map((to, i) => `${graph.get(cycle[i] ?? '')?.get(to) ?? '?'} → ${to}`)
          .join(', '),
      );
      return;
    }
    if (done.has(folder)) return;
    for (const other of graph.get(folder)?.keys() ?? []) visit(other, [...path, folder]);
    done.add(folder);
  };
  for (const folder of graph.keys()) visit(folder, []);
  expect(cycles).toEqual([]);
});

test('docs/architecture.md tells of every folder of core, and of no other', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const told = [...text.matchAll(/^\| `core\/([a-z]+)`/gm)].map(([, name]) => name);
  expect(told.sort()).toEqual([...graph.keys()].sort());
});
