import { join } from 'node:path';
import {
  definePlugin,
  EngineToken,
  isKept,
  RunDirectoryToken,
  RunningMeans,
  runningMeansSchema,
  StepGraphToken,
  DatasetToken,
  version,
  z,
  type EvaluationEndPayload,
  type RunDirectory,
  type RunInfo,
} from 'ncn';
import { TensorBoardToken, TensorBoardWriter, type HeldPlace } from 'ncn/lab';
import { shownIn } from './shown.js';
import { scalarsOf, schedulesOf, tagOf } from './tensorboard/scalars.js';
import { writeSignals } from './tensorboard/signals.js';

const options = z.strictObject({
  every: z
    .int()
    .positive()
    .default(100)
    .describe('updates between scalars; each is a mean over them'),
  evaluation: z.string().default('fixed').describe('evaluation whose examples are shown'),
  histograms: z
    .boolean()
    .default(true)
    .describe('histograms of parameters, gradients and activations at that evaluation'),
  graph: z
    .boolean()
    .default(true)
    .describe('the training step as a graph, where the engine records it'),
  denseScalars: z
    .int()
    .positive()
    .default(5000)
    .describe('scalars written in full; after these fewer and fewer, as docs/tensorboard.md says'),
  denseImages: z
    .int()
    .positive()
    .default(50)
    .describe('evaluations whose examples and histograms are all written; then fewer and fewer'),
});

const saved = z.strictObject({
  position: z.int().nonnegative(),
  evaluations: z.int().nonnegative(),
  means: runningMeansSchema,
});

const savedConfig = z.object({
  profile: z.string(),
  variant: z.string().nullable(),
  values: z.array(z.object({ path: z.string(), value: z.unknown(), origin: z.string() })),
});

/** One name for all runs: a resumed run goes on in the same file. */
const fileName = 'events.out.tfevents.ncn';

/** Milliseconds after which a TensorBoard that follows sees what was written. */
const patience = 2000;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Writes what the run is: description, configuration, and the values for the hparams tab. */
async function describeRun(
  board: TensorBoardWriter,
  run: RunInfo,
  directory: RunDirectory,
  facts: readonly (readonly [string, string])[],
): Promise<void> {
  const { profile, variant, values } = await directory.readJson('config.json', savedConfig);
  const about = [
    ['preset', run.preset],
    ['profile', profile],
    ['variant', variant ?? 'none'],
    ...facts,
    ...run.phases.map(({ name, updates }) => [`phase ${name}`, `${updates} updates`]),
  ];
  const rows = about.map(([name = '', value = '']) => `| ${name} | ${cell(value)} |`);
  const description = `**${run.preset}**: ${run.summary}\n\n| | |\n|---|---|\n${rows.join('\n')}`;
  const shown = values.map(({ path, value, origin }) => {
    return `| ${path} | ${cell(JSON.stringify(value))} | ${cell(origin)} |`;
  });
  const configuration = `| value | | origin |\n|---|---|---|\n${shown.join('\n')}`;
  const hyperparameters: Record<string, number | string | boolean> = {
    preset: run.preset,
    profile,
    variant: variant ?? 'none',
  };
  for (const { path, value } of values) {
    if (value === null) continue;
    const simple =
      typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
    hyperparameters[path] = simple ? value : JSON.stringify(value);
  }
  board.hyperparameters(hyperparameters);
  board.text('description', 0, description);
  board.text('configuration', 0, configuration);
}

async function writeHistograms(
  board: TensorBoardWriter,
  { update, inspect }: EvaluationEndPayload,
): Promise<void> {
  const inside = await inspect();
  for (const kind of ['parameters', 'gradients', 'activations'] as const) {
    for (const [name, { data }] of inside[kind]) board.histogram(`${kind}/${name}`, update, data);
  }
}

/** Writes the run for TensorBoard: `tensorboard --logdir runs`. */
export default definePlugin({
  name: 'tensorboard',
  version: '1.0.0',
  summary: 'writes a TensorBoard event file into the run',
  options,
  setup(context) {
    const { hooks, services, persist, log, options: o } = context;
    const means = new RunningMeans();
    let position = 0;
    let evaluations = 0;
    let writtenAt = 0;
    // Times are not part of the state: they may differ from run to run.
    let seconds = 0;
    let timed = 0;
    let graphPlace: HeldPlace | undefined;
    /** Not when a run starts: its first update should not wait for it. */
    const writeGraph = (): void => {
      const place = graphPlace;
      if (place === undefined) return;
      graphPlace = undefined;
      try {
        const graph = services.get(StepGraphToken);
        if (graph !== undefined) place.board.graph(graph);
      } finally {
        place.release();
      }
    };

    hooks.runStart.tap(
      async ({ run }) => {
        const directory = services.get(RunDirectoryToken);
        const board = await TensorBoardWriter.open(join(directory.path, fileName));
        services.provide(TensorBoardToken, board);
        if (!(await board.truncateTo(position))) {
          log.warn(`${board.path} was cut short: what is missing cannot be written again`);
        }
        if (run.resumed && position > 0) return;
        const dataset = services.get(DatasetToken);
        const engine = services.get(EngineToken);
        const notice = dataset.notice === undefined ? '' : ` (${dataset.notice})`;
        await describeRun(board, run, directory, [
          ['seed', String(run.seed)],
          ['data', `${dataset.name}${notice}`],
          ['batch', `${run.batchSize} examples`],
          ['engine', `${engine.name} (${engine.device})`],
          ['ncn', version],
        ]);
        if (o.graph) graphPlace = board.hold();
        await board.write();
      },
      { stage: 'first' },
    );
    hooks.updateEnd.tap(async (payload) => {
      const { update, phase, phaseUpdate, scalars, metrics } = payload;
      writeGraph();
      means.add(await metrics());
      seconds += payload.seconds;
      timed++;
      const kept = update % o.every === 0 && isKept(update / o.every, o.denseScalars);
      if (!kept && phaseUpdate !== phase.updates) return;
      const board = services.get(TensorBoardToken);
      board.scalars(update, [
        ...[...means.take()].map(([name, mean]) => [tagOf(name, scalars), mean] as const),
        ...schedulesOf(payload),
        ['speed/updates_per_second', timed / seconds],
      ]);
      seconds = 0;
      timed = 0;
      if (performance.now() - writtenAt < patience) return;
      writtenAt = performance.now();
      await board.write();
    });
    hooks.evaluationEnd.tap(async (payload) => {
      const { run, name, update, result } = payload;
      const board = services.get(TensorBoardToken);
      board.scalars(update, scalarsOf(name, result.metrics, run.metrics));
      if (name === o.evaluation) {
        const kept = isKept(evaluations++, o.denseImages) || update === run.totalUpdates;
        if (kept && result.shown !== undefined) {
          const shown = shownIn(context, run, result.shown);
          const place = board.hold();
          payload.meanwhile(async () => {
            writeGraph();
            await writeSignals(place.board, update, shown).finally(place.release);
            await board.write();
          });
        }
        // Not before training: initial values are known, and the first update should not wait.
        if (kept && o.histograms && update > 0) await writeHistograms(board, payload);
      }
      await board.write();
    });
    hooks.checkpointSave.tap(
      async () => {
        const board = services.get(TensorBoardToken);
        writeGraph();
        await board.flush();
        position = board.position;
      },
      { stage: 'first' },
    );
    hooks.runEnd.tap(
      async () => {
        const board = services.get(TensorBoardToken);
        writeGraph();
        board.ended('success');
        await board.close();
      },
      { stage: 'last' },
    );
    hooks.interruption.tap(() => services.get(TensorBoardToken).close());
    hooks.failure.tap(async () => {
      if (!services.has(TensorBoardToken)) return;
      const board = services.get(TensorBoardToken);
      board.ended('failure');
      await board.close();
    });
    persist({
      schema: saved,
      save: () => ({ position, evaluations, means: means.save() }),
      restore(state) {
        ({ position, evaluations } = state);
        means.restore(state.means);
      },
    });
  },
});
