import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definePlugin, filePath, z, type Examples } from 'ncn';
import { imageMedium } from 'ncn/media';

const options = z.strictObject({
  folder: filePath()
    .nullable()
    .default(null)
    .describe('folder with PNG files; null: pictures/ beside this file'),
  testShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('share of the files, the last ones by name, that are the test split'),
  size: z.int().positive().default(32).describe('height and width in pixels'),
});

const beside = fileURLToPath(new URL('pictures', import.meta.url));

/** One split: a file is read when its picture is asked for, so the number of files costs no memory. */
function picturesIn(files: readonly string[], size: number): Examples {
  const shape = [size, size, 3];
  return {
    count: files.length,
    signals: { picture: shape },
    async read(indexes, { picture }) {
      for (const [i, index] of indexes.entries()) {
        const file = files[index] ?? '';
        const data = await imageMedium.decode(await readFile(file), file, shape);
        picture?.set(data, i * data.length);
      }
    },
  };
}

/** The same for the same pictures in the same order, wherever the folder is. */
async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest('hex');
}

/** A data set of colour pictures, one in each PNG file of a folder: `--dataset rgb-folder`. */
export default definePlugin({
  name: 'rgb-folder',
  version: '1.0.0',
  summary: 'a data set of the colour pictures of a folder',
  options,
  setup({ hooks, options: { folder, testShare, size } }) {
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'rgb-folder',
        summary: `the PNG files of ${folder ?? beside}, ${size} × ${size}, in colour`,
        async load({ dir }) {
          const place = resolve(dir ?? folder ?? beside);
          const names = (await readdir(place)).filter((name) => name.endsWith('.png')).sort();
          if (names.length < 2) {
            throw new Error(`${place} has ${names.length} PNG files; two or more are needed`);
          }
          const files = names.map((name) => join(place, name));
          const tested = Math.min(names.length - 1, Math.ceil(testShare * names.length));
          return {
            name: 'rgb-folder',
            source: place,
            hash: await hashOf(files),
            train: picturesIn(files.slice(0, -tested), size),
            test: picturesIn(files.slice(-tested), size),
          };
        },
      });
    });
  },
});
