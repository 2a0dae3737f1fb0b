import { join } from 'node:path';
import {
  DatasetToken,
  definePlugin,
  formatCount,
  RunDirectoryToken,
  writeFileAtomic,
  z,
} from 'ncn';
import { renderFilmStrip } from 'ncn/media';
import { packed, unpacked } from './packed.js';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose images are shown'),
  rows: z.int().positive().default(6).describe('test images that are followed'),
  columns: z
    .int()
    .min(2)
    .default(16)
    .describe(
      'evaluations shown, at most; where there are more, equally many are left out between',
    ),
});

const frame = z.strictObject({ update: z.int().nonnegative(), pixels: z.base64() });
const saved = z.strictObject({
  /** The same at every evaluation. */
  input: z.base64().nullable(),
  target: z.base64().nullable(),
  frames: z.array(frame),
  last: frame.nullable(),
  seen: z.int().nonnegative(),
  stride: z.int().positive(),
});

/** What became of a few test images over the updates, drawn at the end. */
export default definePlugin({
  name: 'filmstrip',
  version: '1.0.0',
  summary: 'draws the output over the updates as a film strip',
  options,
  setup({ hooks, services, persist, options: o }) {
    // At most `columns` frames: when there are more, every other one goes.
    let state: z.infer<typeof saved> = {
      input: null,
      target: null,
      frames: [],
      last: null,
      seen: 0,
      stride: 1,
    };

    hooks.evaluationEnd.tap(({ name, update, result: { images } }) => {
      if (name !== o.evaluation || images === undefined) return;
      const rows = Math.min(o.rows, images.count);
      state.input ??= packed(images, images.input, rows);
      state.target ??= packed(images, images.target, rows);
      state.last = { update, pixels: packed(images, images.output, rows) };
      if (state.seen++ % state.stride !== 0) return;
      state.frames.push(state.last);
      if (state.frames.length <= o.columns) return;
      state.frames = state.frames.filter((_, i) => i % 2 === 0);
      state.stride *= 2;
    });
    hooks.runEnd.tap(async ({ run }) => {
      const { frames, last } = state;
      if (last === null) return;
      const shown = frames.at(-1)?.update === last.update ? frames : [...frames, last];
      const { notice, test } = services.get(DatasetToken);
      const { height, width } = test;
      const strip = [
        { caption: 'input', pixels: unpacked(state.input ?? '') },
        ...shown.map(({ update, pixels }) => ({
          caption: formatCount(update),
          pixels: unpacked(pixels),
        })),
        { caption: 'ground truth', pixels: unpacked(state.target ?? '') },
      ];
      const rows = (strip[0]?.pixels.length ?? 0) / (height * width);
      const png = await renderFilmStrip(strip, {
        rows,
        height,
        width,
        title: `${run.preset}: output over updates`,
        ...(notice === undefined ? {} : { notice }),
      });
      await writeFileAtomic(join(services.get(RunDirectoryToken).images, 'filmstrip.png'), png);
    });
    persist({ schema: saved, save: () => state, restore: (before) => (state = before) });
  },
});
