import { join } from 'node:path';
import {
  DatasetToken,
  definePlugin,
  formatCount,
  isKept,
  RunDirectoryToken,
  writeFileAtomic,
  z,
  type EvaluationImages,
  type RunInfo,
} from 'ncn';
import { renderFigure, renderGrid } from 'ncn/media';
import { packed, unpacked } from './packed.js';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose images are shown'),
  dense: z
    .int()
    .positive()
    .default(100)
    .describe('evaluations whose output is kept as a grid; after these fewer and fewer'),
});

const roles = ['reference', 'input', 'target', 'output'] as const;

const saved = z.strictObject({
  evaluations: z.int().nonnegative(),
  /** The newest evaluation, for the figure: a process that resumes a run may not evaluate again. */
  last: z
    .strictObject({
      update: z.int().nonnegative(),
      count: z.int().positive(),
      pixels: z.record(z.enum(roles), z.base64()),
    })
    .nullable(),
});

/** Grids as in the post: reference, input and ground truth once, the output at each evaluation. */
export default definePlugin({
  name: 'images',
  version: '1.0.0',
  summary: 'writes image grids, and the figure of the post for the run',
  options,
  setup({ hooks, services, persist, options: o }) {
    let state: z.infer<typeof saved> = { evaluations: 0, last: null };
    const panel = (images: EvaluationImages, role: (typeof roles)[number], caption: string) => ({
      images: { ...images, pixels: images[role] },
      caption,
    });
    const write = async (file: string, png: Buffer) =>
      writeFileAtomic(join(services.get(RunDirectoryToken).images, `${file}.png`), png);
    const layout = (count: number) => {
      const { notice } = services.get(DatasetToken);
      const columns = Math.ceil(Math.sqrt(count));
      return { columns, ...(notice === undefined ? {} : { notice }) };
    };

    hooks.evaluationEnd.tap(async ({ run, name, update, result: { images } }) => {
      if (name !== o.evaluation || images === undefined) return;
      const { count } = images;
      const about = layout(count);
      const pack = (role: (typeof roles)[number]) => packed(images, images[role], count);
      const { reference, input, target } = state.last?.pixels ?? {
        // The same at every evaluation.
        reference: pack('reference'),
        input: pack('input'),
        target: pack('target'),
      };
      state.last = { update, count, pixels: { reference, input, target, output: pack('output') } };
      if (update === 0) {
        for (const [role, caption] of [
          ['reference', 'reference'],
          ['input', 'input'],
          ['target', 'ground truth'],
        ] as const) {
          await write(role, await renderGrid([panel(images, role, caption)], about));
        }
        // Before training the output is a faint copy of the reference: figure 21 of the post.
        const first = await renderGrid(
          [panel(images, 'reference', 'reference'), panel(images, 'output', 'first output')],
          { ...about, panelsPerRow: 2, title: `${run.preset}, before training` },
        );
        await write('before-training', first);
      }
      if (isKept(state.evaluations++, o.dense) || update === run.totalUpdates) {
        const at = `output, update ${formatCount(update)}`;
        const file = `output-${String(update).padStart(9, '0')}`;
        await write(file, await renderGrid([panel(images, 'output', at)], about));
      }
    });

    /** Once, however the run ends: drawing it at every evaluation would cost more than all else. */
    const drawFigure = async ({ run }: { readonly run: RunInfo }) => {
      if (state.last === null) return;
      const { update, count, pixels } = state.last;
      const { height, width } = services.get(DatasetToken).test;
      const figure = await renderFigure(
        {
          count,
          height,
          width,
          reference: unpacked(pixels.reference),
          input: unpacked(pixels.input),
          target: unpacked(pixels.target),
          output: unpacked(pixels.output),
        },
        { ...layout(count), title: `${run.preset}, update ${formatCount(update)}` },
      );
      await write('figure', figure);
    };
    hooks.runEnd.tap(drawFigure);
    hooks.interruption.tap(drawFigure);
    hooks.failure.tap(drawFigure, { stage: 'last' });
    persist({ schema: saved, save: () => state, restore: (before) => (state = before) });
  },
});
