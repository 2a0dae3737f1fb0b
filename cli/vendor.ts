/**
 * Makes dist/vendor/: what is used of packages that are many times as large, or of many modules, which take
 * a while to load: each part in one file, with the licences. It is imported as `#gradients`, `#echarts` and so on.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { packageOf, writeLicences } from './licences.js';
import { required, requiring } from './required.js';

const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'dist/vendor');

interface Part {
  readonly file: string;
  /** A module that has what is used. */
  readonly source: string;
}

const parts: readonly Part[] = [
  {
    file: 'gradients.js',
    // In Node, tf.js registers them (and x.add(y)) only in a package of 141 MB that needs four others. The core
    // comes first, for its engine is the one that they run on.
    source: `
      import '@tensorflow/tfjs-core';
      import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
      import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';`,
  },
  {
    file: 'echarts.js',
    source: `
      import { LineChart, ScatterChart } from 'echarts/charts';
      import { GridComponent } from 'echarts/components';
      import { init, use } from 'echarts/core';
      import { SVGRenderer } from 'echarts/renderers';
      use([LineChart, ScatterChart, GridComponent, SVGRenderer]);
      export { init };`,
  },
  {
    file: 'koffi.js',
    // Its package has a script for installing, of which the packages with its binaries have no need.
    source: "export { default } from 'koffi';",
  },
  {
    file: 'inversify.js',
    source: "import 'reflect-metadata'; export { Container } from 'inversify';",
  },
  {
    file: 'log-update.js',
    source: "export { createLogUpdate } from 'log-update';",
  },
];

const entry = '\0part';
const owners = new Set<string>();

async function bundle({ source }: Part): Promise<string> {
  const made = await rolldown({
    input: entry,
    cwd: root,
    platform: 'node',
    external: /^@koromix[/]/,
    plugins: [
      requiring,
      {
        name: 'part',
        resolveId: (id) => (id === entry ? { id, moduleSideEffects: true } : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
  });
  const { output } = await made.generate({ format: 'esm', minify: true, comments: false });
  await made.close();
  const [chunk] = output;
  for (const id of chunk.moduleIds) {
    const owner = packageOf(id);
    if (owner !== undefined) owners.add(owner);
  }
  return chunk.code;
}

await mkdir(target, { recursive: true });
for (const part of parts) await writeFile(join(target, part.file), await bundle(part));
for (const [file, code] of required()) await writeFile(join(target, file), code);
await writeLicences(join(target, 'LICENSES.txt'), root, owners);
