import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { definePlugin, RunDirectoryToken, writeFileAtomic, z } from 'ncn';
import { encodeTiles } from 'ncn/media';
import { sampleFile, samplesFolder } from 'ncn/lab';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose images are kept'),
});

/**
 * Keeps the images of each evaluation as bare pictures, a pixel for a pixel: what `ncn report` and
 * `ncn watch` show.
 */
export default definePlugin({
  name: 'samples',
  version: '1.0.0',
  summary: 'keeps the images of evaluations for ncn report and ncn watch',
  options,
  setup({ hooks, services, options: o }) {
    let begun = false;
    hooks.evaluationEnd.tap(async ({ name, update, result: { images } }) => {
      if (name !== o.evaluation || images === undefined) return;
      const folder = samplesFolder(services.get(RunDirectoryToken).path, name);
      const { count, height, width } = images;
      const columns = Math.ceil(Math.sqrt(count));
      const write = async (file: string, pixels: Float32Array) =>
        writeFileAtomic(join(folder, file), encodeTiles({ count, height, width, pixels }, columns));
      if (!begun) {
        await mkdir(folder, { recursive: true });
        // The same in every process of the run: the images of an evaluation stay.
        await write('reference.png', images.reference);
        await write('input.png', images.input);
        await write('target.png', images.target);
        const about = { format: 1, count, height, width, columns };
        await writeFileAtomic(join(folder, 'samples.json'), `${JSON.stringify(about)}\n`);
        begun = true;
      }
      await write(sampleFile(update), images.output);
    });
  },
});
