import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export const root = resolve(import.meta.dirname, '../..');

/** The rooms of the house, with what each may import of the others. */
export const rooms = {
  core: [],
  engines: ['core'],
  media: ['core'],
  lab: ['core', 'media', 'engines'],
  cli: ['core', 'engines', 'media', 'lab', 'studies'],
  // These import the package's entries, as anybody's would.
  studies: [],
  plugins: [],
  presets: [],
  examples: [],
} as const satisfies Record<string, readonly string[]>;

/** Those that import nothing of the house but its entries. */
export const guests: readonly string[] = ['studies', 'plugins', 'presets', 'examples'];

const entries = new Map(
  Object.entries(
    (
      JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
        compilerOptions: { paths: Record<string, readonly string[]> };
      }
    ).compilerOptions.paths,
  ).map(([name, [file = '']]) => [name, posix.normalize(file)] as const),
);

export interface Import {
  readonly spec: string;
  /** The file, from the root; undefined for packages. */
  readonly to: string | undefined;
}

/** A source file's path from the root, with `/`. */
export const pathOf = (file: string): string => relative(root, file).split(sep).join('/');

export const roomOf = (path: string): string => path.split('/')[0] ?? '';

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every source file of the rooms. */
export const sources: readonly string[] = Object.keys(rooms).flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => pathOf(join(entry.parentPath, entry.name))),
);

/** What a file imports, types included. */
function importsOf(path: string): Import[] {
  return ts.preProcessFile(textOf(path)).importedFiles.map(({ fileName: spec }) => {
    if (!spec.startsWith('.')) return { spec, to: entries.get(spec) };
    return { spec, to: pathOf(resolve(root, dirname(path), spec)).replace(/\.js$/, '.ts') };
  });
}

/** By file, what it imports. */
export const imports: ReadonlyMap<string, readonly Import[]> = new Map(
  sources.map((path) => [path, importsOf(path)]),
);

/**
 * A way round for each set of nodes that reach one another.
 * @param graph by node, those that it points to
 */
export function cyclesIn(graph: ReadonlyMap<string, Iterable<string>>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) {
      found.push([...path.slice(path.indexOf(node)), node].join(' → '));
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}
