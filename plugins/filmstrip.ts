import { join } from 'node:path';
import {
  DatasetToken,
  definePlugin,
  formatCount,
  RunDirectoryToken,
  writeFileAtomic,
  z,
} from 'ncn';
import { labelOf, rastersOf, renderFilmStrip, type FilmColumn } from 'ncn/media';
import { packed, packedSchema, unpacked } from './packed.js';
import { shownIn } from './shown.js';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose examples are shown'),
  rows: z.int().positive().default(6).describe('test examples that are followed'),
  columns: z
    .int()
    .min(2)
    .default(16)
    .describe(
      'evaluations shown, at most; where there are more, equally many are left out between',
    ),
});

const frame = z.strictObject({ update: z.int().nonnegative(), pictures: packedSchema });
const column = z.strictObject({ role: z.string(), pictures: packedSchema });
const saved = z.strictObject({
  /** What the main network is given first, and what it should make of it: always the same. */
  input: column.nullable(),
  target: column.nullable(),
  frames: z.array(frame),
  last: frame.nullable(),
  seen: z.int().nonnegative(),
  stride: z.int().positive(),
});

/** What became of a few test examples over the updates, drawn at the end. */
export default definePlugin({
  name: 'filmstrip',
  version: '2.0.0',
  summary: 'draws the output over the updates as a film strip',
  options,
  setup(context) {
    const { hooks, services, persist, options: o } = context;
    // At most `columns` frames: when there are more, every other one goes.
    let state: z.infer<typeof saved> = {
      input: null,
      target: null,
      frames: [],
      last: null,
      seen: 0,
      stride: 1,
    };

    hooks.evaluationEnd.tap(({ run, name, update, result: { shown } }) => {
      if (name !== o.evaluation || shown === undefined) return;
      const signals = new Map(shownIn(context, run, shown).map((signal) => [signal.role, signal]));
      const picturesOf = (role: string) => {
        const signal = signals.get(role);
        return signal && packed(rastersOf(signal.medium, signal.tensor, o.rows));
      };
      const columnOf = (role = '') => {
        const pictures = picturesOf(role);
        return pictures === undefined ? null : { role, pictures };
      };
      const output = picturesOf('output');
      if (output === undefined) return;
      state.input ??= columnOf(run.inputs.find((role) => signals.has(role)));
      state.target ??= columnOf('target');
      state.last = { update, pictures: output };
      if (state.seen++ % state.stride !== 0) return;
      state.frames.push(state.last);
      if (state.frames.length <= o.columns) return;
      state.frames = state.frames.filter((_, i) => i % 2 === 0);
      state.stride *= 2;
    });
    hooks.runEnd.tap(async ({ run }) => {
      const { input, target, frames, last } = state;
      if (last === null) return;
      const shown = frames.at(-1)?.update === last.update ? frames : [...frames, last];
      const { notice } = services.get(DatasetToken);
      const always = (of: typeof input): FilmColumn[] =>
        of === null ? [] : [{ caption: labelOf(of.role), rasters: unpacked(of.pictures) }];
      const strip = [
        ...always(input),
        ...shown.map(({ update, pictures }) => ({
          caption: formatCount(update),
          rasters: unpacked(pictures),
        })),
        ...always(target),
      ];
      const png = await renderFilmStrip(strip, {
        title: `${run.preset}: output over updates`,
        ...(notice === undefined ? {} : { notice }),
      });
      await writeFileAtomic(join(services.get(RunDirectoryToken).images, 'filmstrip.png'), png);
    });
    persist({ schema: saved, save: () => state, restore: (before) => (state = before) });
  },
});
