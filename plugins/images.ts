import { join } from 'node:path';
import {
  DatasetToken,
  definePlugin,
  formatCount,
  isKept,
  renderFigure,
  renderGrid,
  RunDirectoryToken,
  writeFileAtomic,
  z,
  type EvaluationImages,
} from 'ncn';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose images are shown'),
  dense: z
    .int()
    .positive()
    .default(100)
    .describe('evaluations whose output is kept as a grid; after these fewer and fewer'),
});

/** Grids as in the post: reference, input and ground truth once, the output at each evaluation. */
export default definePlugin({
  name: 'images',
  version: '1.0.0',
  summary: 'writes image grids, and the figure of the post for the run',
  options,
  setup({ hooks, services, persist, options: o }) {
    let evaluations = 0;
    const panel = (
      images: EvaluationImages,
      role: 'input' | 'reference' | 'target' | 'output',
      caption: string,
    ) => ({
      images: { ...images, pixels: images[role] },
      caption,
    });
    hooks.evaluationEnd.tap(async ({ run, name, update, result: { images } }) => {
      if (name !== o.evaluation || images === undefined) return;
      const { notice } = services.get(DatasetToken);
      const about = {
        columns: Math.ceil(Math.sqrt(images.count)),
        ...(notice === undefined ? {} : { notice }),
      };
      const folder = services.get(RunDirectoryToken).images;
      const write = async (file: string, png: Buffer) =>
        writeFileAtomic(join(folder, `${file}.png`), png);
      if (update === 0) {
        await write(
          'reference',
          await renderGrid([panel(images, 'reference', 'reference')], about),
        );
        await write('input', await renderGrid([panel(images, 'input', 'input')], about));
        await write('target', await renderGrid([panel(images, 'target', 'ground truth')], about));
      }
      if (update === 0) {
        // Before training the output is a faint copy of the reference: figure 21 of the post.
        const first = await renderGrid(
          [panel(images, 'reference', 'reference'), panel(images, 'output', 'first output')],
          { ...about, panelsPerRow: 2, title: `${run.preset}, before training` },
        );
        await write('before-training', first);
      }
      if (isKept(evaluations++, o.dense) || update === run.totalUpdates) {
        const at = `output, update ${formatCount(update)}`;
        const file = `output-${String(update).padStart(9, '0')}`;
        await write(file, await renderGrid([panel(images, 'output', at)], about));
      }
      // Always the newest: a run may end early.
      const title = `${run.preset}, update ${formatCount(update)}`;
      await write('figure', await renderFigure(images, { ...about, title }));
    });
    persist({
      schema: z.int().nonnegative(),
      save: () => evaluations,
      restore: (before) => (evaluations = before),
    });
  },
});
