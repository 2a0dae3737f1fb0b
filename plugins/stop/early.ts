import { access, copyFile, cp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import {
  anyNumber,
  definePlugin,
  didYouMean,
  formatMetric,
  RunDirectoryToken,
  writeFileAtomic,
  z,
  type ConfigurationPayload,
  type MetricDeclaration,
  type RunDirectory,
} from 'ncn';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation that is watched'),
  metric: z
    .string()
    .nullable()
    .default(null)
    .describe('metric that should get better; null: the primary one'),
  patience: z
    .int()
    .positive()
    .default(10)
    .describe('evaluations without a new best value after which the run stops'),
  least: z.number().nonnegative().default(0).describe('how much better a new best value must be'),
  keepBest: z
    .boolean()
    .default(true)
    .describe('what the run was at the best value stays, as a run in its folder best/'),
});

type Known = Pick<MetricDeclaration, 'name' | 'better'> & { readonly primary?: boolean };

/** What is known of a metric, `batch/…` too; undefined where it is not known which way is better. */
function known<T extends Known>(metrics: readonly T[], name: string | null): T | undefined {
  const found =
    name === null
      ? (metrics.find(({ primary }) => primary) ?? metrics[0])
      : metrics.find((metric) => metric.name === name.replace(/^batch\//, ''));
  return found?.better === null ? undefined : found;
}

const saved = z.strictObject({
  metric: z.string(),
  best: anyNumber().nullable(),
  at: z.int().nonnegative(),
  since: z.int().nonnegative(),
});

const placed = z.looseObject({ relative: z.string() });

/** Of `config.json`, what says where files are. */
const places = z.looseObject({
  plugins: z.array(z.looseObject({ place: placed.exactOptional() })),
  places: z.record(z.string(), placed).default({}),
});

/** The configuration of the run for a folder in it: from there, all is one folder further up. */
async function configBelow(directory: RunDirectory): Promise<string> {
  const config = await directory.readJson('config.json', places);
  const all = [
    ...Object.values(config.places),
    ...config.plugins.flatMap(({ place }) => place ?? []),
  ];
  for (const place of all) {
    if (!isAbsolute(place.relative)) place.relative = join('..', place.relative);
  }
  return `${JSON.stringify(config, null, 2)}\n`;
}

const lastDigits = /(\d+)$/;

/** The folder of an update's checkpoint; undefined where it is no longer there. */
async function checkpointAt({ checkpoints }: RunDirectory, update: number) {
  const names = await readdir(checkpoints);
  const name = names.find((one) => Number(lastDigits.exec(one)?.[1] ?? NaN) === update);
  return name === undefined ? undefined : join(checkpoints, name);
}

/** Of which update `best` is; undefined where there is none, or nothing that says so. */
async function updateOfBest({ path }: RunDirectory): Promise<number | undefined> {
  try {
    await access(join(path, 'best'));
    const about: unknown = JSON.parse(await readFile(join(path, 'best.json'), 'utf8'));
    return z.object({ update: z.int() }).parse(about).update;
  } catch {
    return undefined;
  }
}

/**
 * Stops a run that no longer gets better (Prechelt, "Early stopping: but when?", 1998, third
 * criterion), in its last phase: what comes before it is not to end the run. The final evaluation is
 * made as usual. The folder `best` in that of the run is a run
 * whose only checkpoint is the best one: `ncn evaluate RUN/best`, `ncn export RUN/best`.
 */
export default definePlugin({
  name: 'stop.early',
  version: '1.1.0',
  summary: 'stops when a metric no longer gets better, and keeps the best checkpoint',
  options,
  setup({ hooks, services, persist, log, options: o }) {
    const { evaluation, metric, patience, least, keepBest } = o;
    let state: z.infer<typeof saved> = { metric: '', best: null, at: 0, since: 0 };
    let reject: ConfigurationPayload['reject'] | undefined;
    let offered: readonly Known[] = [];
    hooks.configuration.tap((payload) => {
      ({ reject } = payload);
    });
    hooks.metrics.tap(({ metrics }) => {
      offered = metrics;
    });
    hooks.evaluations.tap(
      ({ evaluations }) => {
        const watched = evaluations.get(evaluation);
        if (watched === undefined) {
          const near = didYouMean(evaluation, evaluations.keys());
          reject?.('stop.early.evaluation', `there is no such evaluation. ${near}`);
          return;
        }
        const metrics = [...offered, ...[...evaluations.values()].flatMap((e) => e.metrics ?? [])];
        if (known(metrics, metric) !== undefined) return;
        const directed = metrics.filter(({ better }) => better !== null).map((m) => m.name);
        const near = didYouMean(metric ?? 'null', directed);
        reject?.('stop.early.metric', `it cannot be watched. ${near}`);
      },
      { stage: 'last' },
    );
    hooks.evaluationEnd.tap(({ run, name, update, result, control }) => {
      const earlier = run.totalUpdates - (run.phases.at(-1)?.updates ?? 0);
      if (name !== evaluation || update < earlier) return;
      const watched = known(run.metrics, metric);
      if (watched === undefined) return;
      const label = metric ?? watched.name;
      const value = result.metrics.get(label);
      if (value === undefined) throw new Error(`'${name}' has no metric '${label}'`);
      const gain = (from: number): number =>
        watched.better === 'lower' ? from - value : value - from;
      const { best } = state;
      if (!Number.isNaN(value) && (best === null || gain(best) > least)) {
        state = { metric: label, best: value, at: update, since: 0 };
        if (keepBest) control.checkpoint();
      } else state.since++;
      if (state.since < patience) return;
      const at = best === null ? '' : `; best: ${formatMetric(best)} at update ${state.at}`;
      control.stop(`${label} has not become better for ${state.since} evaluations${at}`);
    });
    const keep = async (path: string, best: number): Promise<void> => {
      const directory = services.get(RunDirectoryToken);
      const folder = directory.path;
      const [draft, place] = [join(folder, 'best.draft'), join(folder, 'best')];
      await rm(draft, { recursive: true, force: true });
      await cp(path, join(draft, 'checkpoints', basename(path)), { recursive: true });
      await copyFile(directory.manifest, join(draft, 'manifest.json'));
      await writeFileAtomic(join(draft, 'config.json'), await configBelow(directory));
      await rm(place, { recursive: true, force: true });
      await rename(draft, place);
      const value = Number.isFinite(best) ? best : String(best);
      const about = { update: state.at, evaluation, metric: state.metric, value };
      await writeFileAtomic(join(folder, 'best.json'), `${JSON.stringify(about, null, 2)}\n`);
    };
    hooks.checkpointSaved.tap(async ({ update, path }) => {
      if (keepBest && state.best !== null && update === state.at) await keep(path, state.best);
    });
    hooks.runStart.tap(async ({ run }) => {
      // Who makes a run longer that was stopped wants it to go on.
      if (run.changes.length > 0 && state.since >= patience) state.since = 0;
      // The process may have ended between a checkpoint and its copy.
      const { best, at } = state;
      if (!keepBest || best === null) return;
      const directory = services.get(RunDirectoryToken);
      const kept = await updateOfBest(directory);
      if (kept === at) return;
      const path = await checkpointAt(directory, at);
      if (path !== undefined) return keep(path, best);
      const instead = kept === undefined ? 'is not there' : `is of update ${kept}`;
      log.warn(`best/ ${instead}: the best checkpoint, of update ${at}, is gone`);
    });
    hooks.runEnd.tap(({ summary }) => {
      if (state.best === null) return;
      summary.set(`best/${state.metric}`, state.best);
      summary.set('best/update', state.at);
    });
    persist({
      schema: saved,
      save: () => state,
      restore: (before) => {
        state = { ...before };
      },
    });
  },
});
