import { join } from 'node:path';
import {
  DatasetToken,
  definePlugin,
  formatCount,
  isKept,
  RunDirectoryToken,
  writeFileAtomic,
  z,
  type RunInfo,
} from 'ncn';
import { roleFile, sampleFile } from 'ncn/lab';
import { rastersOf, renderFigure, renderGrid, type GridPanel, type ShownSignal } from 'ncn/media';
import { packed, packedSchema, unpacked } from './packed.js';
import { shownIn } from './shown.js';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose examples are shown'),
  dense: z
    .int()
    .positive()
    .default(100)
    .describe('evaluations whose output is kept as a grid; after these fewer and fewer'),
});

const savedSignal = z.strictObject({
  role: z.string(),
  range: z.tuple([z.number(), z.number()]).nullable(),
  pictures: packedSchema,
});

const saved = z.strictObject({
  evaluations: z.int().nonnegative(),
  /** The newest evaluation, for the figure: a process that resumes a run may not evaluate again. */
  last: z
    .strictObject({
      update: z.int().nonnegative(),
      count: z.int().positive(),
      /** The same at every evaluation. */
      roles: z.array(savedSignal),
      output: savedSignal.nullable(),
    })
    .nullable(),
});

const panel = ({ medium, tensor }: ShownSignal, caption: string): GridPanel => ({
  rasters: rastersOf(medium, tensor),
  range: medium.range,
  caption,
});

const pack = ({ role, medium, tensor }: ShownSignal): z.infer<typeof savedSignal> => ({
  role,
  range: medium.range === undefined ? null : [...medium.range],
  pictures: packed(rastersOf(medium, tensor)),
});

/** Grids as in the post: each role of the batch once, the output at each evaluation. */
export default definePlugin({
  name: 'images',
  version: '2.0.0',
  summary: 'writes grids of pictures, and the figure of the post for the run',
  options,
  setup(context) {
    const { hooks, services, persist, options: o } = context;
    let state: z.infer<typeof saved> = { evaluations: 0, last: null };
    const write = async (file: string, png: Buffer) =>
      writeFileAtomic(join(services.get(RunDirectoryToken).images, file), png);
    const layout = (count: number) => {
      const { notice } = services.get(DatasetToken);
      const columns = Math.ceil(Math.sqrt(count));
      return { columns, ...(notice === undefined ? {} : { notice }) };
    };

    hooks.evaluationEnd.tap(({ run, name, update, result: { shown }, meanwhile }) => {
      if (name !== o.evaluation || shown === undefined) return;
      const signals = shownIn(context, run, shown);
      if (signals.length === 0) return;
      const { count } = shown;
      const about = layout(count);
      const output = signals.find(({ role }) => role === 'output');
      const made = signals.filter((signal) => signal !== output);
      const roles = state.last?.roles ?? made.map(pack);
      state.last = { update, count, roles, output: output === undefined ? null : pack(output) };
      const dense =
        output !== undefined &&
        (isKept(state.evaluations++, o.dense) || update === run.totalUpdates);

      meanwhile(async () => {
        if (update === 0) {
          for (const signal of made) {
            const file = `${roleFile(signal.role)}.png`;
            await write(file, await renderGrid([panel(signal, signal.label)], about));
          }
        }
        if (output === undefined) return;
        const [first] = made;
        if (update === 0 && first !== undefined) {
          // Before training the output is a faint copy of the reference: figure 21 of the post.
          const panels = [panel(first, first.label), panel(output, 'first output')];
          const title = `${run.preset}, before training`;
          const grid = await renderGrid(panels, { ...about, panelsPerRow: 2, title });
          await write('before-training.png', grid);
        }
        if (dense) {
          const at = `output, update ${formatCount(update)}`;
          await write(sampleFile(update), await renderGrid([panel(output, at)], about));
        }
      });
    });

    /** Once, however the run ends: drawing it at every evaluation would cost more than all else. */
    const drawFigure = async ({ run }: { readonly run: RunInfo }) => {
      if (state.last === null) return;
      const { update, count, roles, output } = state.last;
      const figure = await renderFigure(
        [...roles, ...(output === null ? [] : [output])].map(({ role, range, pictures }) => ({
          role,
          range: range ?? undefined,
          rasters: unpacked(pictures),
        })),
        { ...layout(count), title: `${run.preset}, update ${formatCount(update)}` },
      );
      await write('figure.png', figure);
    };
    hooks.runEnd.tap(drawFigure);
    hooks.interruption.tap(drawFigure);
    hooks.failure.tap(drawFigure, { stage: 'last' });
    persist({ schema: saved, save: () => state, restore: (before) => (state = before) });
  },
});
