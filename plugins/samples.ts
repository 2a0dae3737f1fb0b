import { join } from 'node:path';
import {
  definePlugin,
  exampleAt,
  makeFolders,
  RunDirectoryToken,
  writeFileAtomic,
  z,
  type EvaluatedBatch,
} from 'ncn';
import {
  exampleFile,
  sampleFile,
  samplesFolder,
  sheetFile,
  type SampleRole,
  type SamplesAbout,
} from 'ncn/lab';
import { encodeTiles, rastersOf, type ShownSignal } from 'ncn/media';
import { shownIn } from './shown.js';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation whose examples are kept'),
});

/** What `samples.json` says of a signal. */
function describe({ role, label, medium, tensor }: ShownSignal): SampleRole {
  const rasters = rastersOf(medium, tensor);
  const { width = 1, height = 1 } = rasters[0] ?? {};
  const channels = rasters.some((raster) => raster.channels === 3) ? 3 : 1;
  const { mime, extensions, plays = false } = medium;
  const [extension] = extensions;
  return {
    ...{ role, label, medium: medium.name, width, height, channels },
    ...(plays && extension !== undefined
      ? { kind: 'player', mime, extension }
      : { kind: 'picture', mime: 'image/png', extension: '.png' }),
  };
}

/**
 * Keeps the examples of each evaluation as bare pictures, a unit for a unit, and files of those that
 * can be played: what `ncn report` and `ncn watch` show.
 */
export default definePlugin({
  name: 'samples',
  version: '2.0.0',
  summary: 'keeps the examples of evaluations for ncn report and ncn watch',
  options,
  setup(context) {
    const { hooks, services, options: o } = context;
    let about: SamplesAbout | undefined;

    /** Once for each process of the run: apart from the output, the examples stay. */
    async function begin(folder: string, shown: EvaluatedBatch, signals: readonly ShownSignal[]) {
      const { count } = shown;
      const columns = Math.ceil(Math.sqrt(count));
      const roles = signals.map(describe);
      const described = { format: 2, count, columns, output: 'output', roles } as const;
      await makeFolders(folder);
      for (const signal of signals) {
        if (signal.role !== 'output') await keep(folder, described, signal);
      }
      await writeFileAtomic(join(folder, 'samples.json'), `${JSON.stringify(described)}\n`);
      return described;
    }

    async function keep(
      folder: string,
      { columns, roles }: SamplesAbout,
      { role, medium, tensor }: ShownSignal,
      update?: number,
    ): Promise<void> {
      const described = roles.find((other) => other.role === role);
      if (described?.kind === 'player') {
        for (let i = 0; i < (tensor.shape[0] ?? 0); i++) {
          const file = exampleFile(described, i, update);
          await writeFileAtomic(join(folder, file), await medium.encode(exampleAt(tensor, i)));
        }
      }
      // Last: where the sheet is, pages find the sounds.
      const sheet = update === undefined ? sheetFile(role) : sampleFile(update, role);
      const png = encodeTiles(rastersOf(medium, tensor), columns);
      await writeFileAtomic(join(folder, sheet), png);
    }

    hooks.evaluationEnd.tap(({ run, name, update, result: { shown }, meanwhile }) => {
      if (name !== o.evaluation || shown === undefined) return;
      const signals = shownIn(context, run, shown);
      const output = signals.find(({ role }) => role === 'output');
      if (output === undefined) return;
      const folder = samplesFolder(services.get(RunDirectoryToken).path, name);
      meanwhile(async () => {
        about ??= await begin(folder, shown, signals);
        await keep(folder, about, output, update);
      });
    });
  },
});
