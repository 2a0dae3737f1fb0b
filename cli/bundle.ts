/**
 * Puts the package's modules together in a few files, dist/bundle/, and with them those of other packages that
 * consist of many: a start takes some 40 files then, not 600. In the place of each module stays a file with its
 * exports, so that whoever imports it by its path (or by `ncn`, `ncn/lab`, …) gets the one copy that there is.
 * Plugins and presets stay as they are: they are found by their files, and one may be taken away.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { rolldown, type PluginContext } from 'rolldown';
import { z } from 'zod';
import { packageOf, writeLicences } from './licences.js';
import { isRequired, requiring } from './required.js';

const dist = resolve(import.meta.dirname, '..');
const target = join(dist, 'bundle');

/** Modules of the package are named by their place: `core/index.js`. */
const nameOf = (id: string): string => relative(dist, id).split(sep).join('/');
const idOf = (name: string): string => join(dist, ...name.split('/'));

/**
 * Who loads the package, and begins with which modules. Modules that the same ones of these need lie together, so
 * that nobody loads what only others need: `ncn --help` neither tf.js nor the trainer.
 */
const loaders: Readonly<Record<string, readonly string[]>> = {
  // What must be there when nothing else is.
  alone: ['cli/handles.js'],
  first: ['cli/compiled-code.js'],
  failure: ['cli/failure.js'],
  command: ['cli/begin.js'],
  names: ['cli/early.js', 'cli/presets.js'],
  runs: [
    'cli/runs.js',
    'cli/report.js',
    'cli/checkpoints.js',
    'cli/watch.js',
    'cli/sweep-queue.js',
  ],
  sounds: ['media/audio/simulation/worker.js'],
  draws: ['core/trainer/build/drawing.js'],
  engine: ['engines/compiled/index.js'],
  start: ['cli/run.js', 'engines/registry.js', 'core/index.js', 'media/index.js', 'lab/index.js'],
  // And everything else.
  rest: [],
};

/** These stay files of their own: to load them is to run them. */
const apart = [
  ...['cli/main.js', 'cli/begin.js'],
  ...['core/trainer/build/drawing.js', 'media/audio/simulation/worker.js'],
];

/** Parts of the build, and the browser's. */
const notLoaded =
  /^(cli\/(bundle|vendor|required|licences|executable|preset-index)|lab\/report\/(build-page|page\/.*))[.]js$/;

const rooms = ['cli', 'core', 'engines', 'lab', 'media', 'studies'];

/** Packages that come with the files. The others are native, or shared with plugins, or seldom used. */
const packages =
  /^(zod|tapable|semver|pino|pino-pretty|protobufjs|pngjs|cli-table3|commander|env-paths|leven|fft[.]js|crc-32|picocolors|picomatch)(\/|$)/;

const isOwn = (spec: string): boolean => spec.startsWith('.') || /^ncn(\/|$)/.test(spec);

async function modules(): Promise<string[]> {
  const found: string[] = [];
  for (const room of rooms) {
    for (const file of await readdir(join(dist, room), { recursive: true, withFileTypes: true })) {
      if (file.isFile() && file.name.endsWith('.js')) found.push(join(file.parentPath, file.name));
    }
  }
  const names = found.map(nameOf).filter((name) => !notLoaded.test(name));
  // A build before this one left what is no module any more.
  const stale = names.filter((name) => !existsSync(sourceOf(name)));
  for (const name of stale) await rm(idOf(name));
  return names.filter((name) => !stale.includes(name)).sort();
}

const sourceOf = (name: string): string => resolve(dist, '..', name.replace(/[.]js$/, '.ts'));

/** Of each module, by its id: the loaders that need it, as the name of a file. */
function placesOf(context: PluginContext, names: readonly string[]): Map<string, string> {
  const needed = new Map<string, Set<string>>();
  const need = (id: string, loader: string): void => {
    const by = needed.get(id) ?? new Set();
    needed.set(id, by);
    if (by.has(loader)) return;
    by.add(loader);
    context.getModuleInfo(id)?.importedIds.forEach((other) => need(other, loader));
  };
  for (const [loader, roots] of Object.entries(loaders)) {
    for (const root of roots) need(idOf(root), loader);
  }
  for (const name of names) if (!needed.has(idOf(name))) need(idOf(name), 'rest');
  apart.forEach((name) => needed.delete(idOf(name)));
  return new Map([...needed].map(([id, by]) => [id, [...by].join('-')]));
}

const names = await modules();
const owners = new Set<string>();

/** The modules and what they import, read anew. @param onGraph is called when all imports are known */
const read = (onGraph: (context: PluginContext) => void) =>
  rolldown({
    input: Object.fromEntries(names.map((name) => [name, idOf(name)])),
    cwd: dist,
    platform: 'node',
    preserveEntrySignatures: 'strict',
    checks: { ineffectiveDynamicImport: false },
    external: (id, from) => {
      if (from === undefined || isAbsolute(id) || packageOf(from) !== undefined) return false;
      return !isOwn(id) && !packages.test(id) && !isRequired(id);
    },
    plugins: [
      requiring,
      {
        name: 'places',
        async load(id) {
          const owner = packageOf(id);
          if (owner !== undefined) owners.add(owner);
          if (!id.startsWith(dist) || !id.endsWith('.js')) return null;
          const code = await readFile(id, 'utf8');
          const map = await readFile(`${id}.map`, 'utf8');
          if (apart.includes(nameOf(id))) return { code, map };
          // A module finds files by its own place, from which it moves away.
          const home = `new URL('../${nameOf(id)}', import.meta.url).href`;
          return { code: withPlace(code, this.parse(code), home), map };
        },
        buildEnd() {
          onGraph(this);
        },
      },
    ],
  });

/** Puts an expression in the place of each `import.meta.url`; not of what only says so, in a text. */
function withPlace(code: string, program: unknown, home: string): string {
  const found: { start: number; end: number }[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const place = importMetaUrl.safeParse(node);
      if (place.success) found.push(place.data);
      else Object.values(node).forEach(visit);
    }
  };
  visit(program);
  return found
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => text.slice(0, start) + home + text.slice(end), code);
}

/** In the tree of a program (ESTree). */
const importMetaUrl = z.object({
  type: z.literal('MemberExpression'),
  object: z.object({ type: z.literal('MetaProperty') }),
  property: z.object({ name: z.literal('url') }),
  start: z.int(),
  end: z.int(),
});

async function placesOfAll(): Promise<Map<string, string>> {
  let places = new Map<string, string>();
  const graph = await read((context) => (places = placesOf(context, names)));
  await graph.generate();
  await graph.close();
  return places;
}

const places = await placesOfAll();
/** What many need first: it imports nothing that fewer need. */
const parts = [...new Set(places.values())].sort(
  (a, b) => b.split('-').length - a.split('-').length,
);
const made = await read(() => undefined);
const { output } = await made.generate({
  dir: dist,
  format: 'esm',
  sourcemap: true,
  minifyInternalExports: false,
  // Comments and blanks are a third of what Node would read. Names stay, and lines are found by the source maps.
  comments: false,
  minify: { compress: false, mangle: false, codegen: true },
  entryFileNames: '[name]',
  chunkFileNames: 'bundle/[name].js',
  codeSplitting: {
    groups: parts.map((name, i) => ({
      name,
      test: (id) => places.get(id) === name,
      priority: parts.length - i,
    })),
  },
});
await made.close();
/** What packages in CommonJS are called with. */
const runtime = 'rolldown-runtime';
const expected = new Set([...names, ...[...parts, runtime].map((name) => `bundle/${name}.js`)]);
const strangers = output.filter(
  ({ type, fileName }) => type === 'chunk' && !expected.has(fileName),
);
if (strangers.length > 0) {
  throw new Error(`beside the files came ${strangers.map(({ fileName }) => fileName).join(', ')}`);
}
await rm(target, { recursive: true, force: true });
await mkdir(target);
for (const part of output) {
  await writeFile(join(dist, part.fileName), part.type === 'chunk' ? part.code : part.source);
}
await writeLicences(join(target, 'LICENSES.txt'), resolve(dist, '..'), owners);
