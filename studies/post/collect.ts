import { join } from 'node:path';
import { readEvents, z } from 'ncn';
import { finishedRunIfThere, runIsGone, type JobRecord } from 'ncn/lab';
import type { ResultRun, Results } from './data.js';
import { postExperiments } from './experiments.js';

const evaluationSchema = z.object({
  type: z.literal('evaluation'),
  name: z.string(),
  update: z.int(),
  metrics: z.record(z.string(), z.union([z.number(), z.string()])),
});

/**
 * Reads the numbers of every run of a sweep, done or not, in the post's order.
 * @throws NcnError where a file of a run that is done is damaged
 */
export async function collectResults(
  directory: string,
  records: readonly JobRecord[],
  about: Omit<Results, 'runs'>,
): Promise<Results> {
  const runs: ResultRun[] = [];
  for (const record of records) runs.push(await collectRun(directory, record));
  const place = (preset: string): number => (postExperiments.indexOf(preset) + 1 || 1000) - 1;
  runs.sort((a, b) => place(a.preset) - place(b.preset) || a.seed - b.seed);
  return { ...about, runs };
}

async function collectRun(directory: string, record: JobRecord): Promise<ResultRun> {
  const { job, state, reason } = record;
  const { preset, seed } = job.request;
  const nothing: ResultRun = {
    preset,
    seed,
    state,
    reason: state === 'failed' ? reason : null,
    conditions: null,
    targetScale: null,
    test: null,
    start: null,
    afterPretraining: null,
  };
  if (state !== 'done') return nothing;
  const run = await finishedRunIfThere(join(directory, job.name));
  // Kept numbers of it stay: those of a run that is done would be replaced.
  if (run === undefined) return { ...nothing, state: 'unknown', reason: runIsGone };
  const { manifest, values, results, events } = run;
  const value = (name: string): unknown => values.find((entry) => entry.path === name)?.value;
  const number = (name: string): number | null => {
    const found = value(name);
    return typeof found === 'number' ? found : null;
  };
  const { networks, dataset, phases, engine } = manifest;
  const evaluations = await evaluationsOf(events);
  const firstEnd = phases.length > 1 ? (phases[0]?.updates ?? 0) : undefined;
  const at = (name: string, update: number | undefined) =>
    evaluations.find((e) => e.name === name && e.update === update)?.metrics ?? null;
  return {
    ...nothing,
    conditions: {
      generatorWidth: number('generator.resconvnet.width'),
      generatorWeights: networks['generator']?.weights ?? 0,
      discriminatorWidth:
        number('discriminator.vanilla.width') ?? number('discriminator.conditional.width'),
      discriminatorWeights: networks['discriminator']?.weights ?? null,
      batch: number('batch') ?? 0,
      phases,
      engine: `${engine.name} (${engine.version}, ${engine.device})`,
      dataset: dataset.name,
      datasetHash: dataset.hash,
      // As results.json has called them from the first.
      trainImages: dataset.trainExamples,
      testImages: Math.min(number('evaluation.testExamples') ?? Infinity, dataset.testExamples),
    },
    targetScale:
      value('augmentation.variant') === 'C'
        ? number('augmentation.evaluationTargetScale')
        : number('evaluation.draws.a'),
    test: numbersOf(
      Object.entries(results)
        .filter(([name]) => name.startsWith('test/'))
        .map(([name, x]) => [name.slice(5), x]),
    ),
    start: at('fixed', 0),
    afterPretraining: at('test', firstEnd),
  };
}

interface EvaluationOf {
  readonly name: string;
  readonly update: number;
  readonly metrics: Record<string, number>;
}

async function evaluationsOf(path: string): Promise<EvaluationOf[]> {
  const found: EvaluationOf[] = [];
  for await (const line of readEvents(path)) {
    const parsed = evaluationSchema.safeParse(line);
    if (!parsed.success) continue;
    const { name, update, metrics } = parsed.data;
    found.push({ name, update, metrics: numbersOf(Object.entries(metrics)) });
  }
  return found;
}

/** JSON has no NaN: a metric that is none is left out. */
function numbersOf(entries: readonly (readonly [string, number | string])[]) {
  const numbers: Record<string, number> = {};
  for (const [name, value] of entries) if (typeof value === 'number') numbers[name] = value;
  return numbers;
}
