import { Contributions, type Contribution } from '../../attribution/contributions.js';
import type { Media } from '../../data/medium.js';
import type { Dataset } from '../../data/types.js';
import type { Metric } from '../../evaluation/metric.js';
import type { Evaluation } from '../../hooks/payloads.js';
import type { Lifecycle } from '../../hooks/lifecycle.js';
import { madeShapes, takenShapes } from '../../step/augment.js';
import type { DeclaredNetwork } from '../../step/declare.js';
import { buildTrainingStep, type TrainingStep } from '../../step/program.js';
import type { Blueprint, ScheduleReplacement } from '../../step/types.js';
import { checkEvaluated, checkLengths, checkUse } from './check.js';
import {
  collectAugmentation,
  collectEvaluations,
  collectLosses,
  collectMedia,
  collectMetrics,
  collectNetworks,
  collectOptimizers,
  collectPhases,
  collectTransforms,
  replaceSchedules,
} from './collect.js';
import { declareNetworks } from './networks.js';

/** What the build hooks made: pure functions and declarations, checked against each other. */
export interface Built {
  readonly blueprint: Blueprint;
  readonly media: Media;
  readonly networks: ReadonlyMap<string, DeclaredNetwork>;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: ReadonlyMap<string, Evaluation>;
  readonly metrics: readonly Metric[];
  /** Who contributed what, in order. */
  readonly contributions: readonly Contribution[];
}

/**
 * Fires the build hooks from `media` to `evaluations` and puts together what they contribute.
 * @param updates number of updates of the main phase
 * @throws NcnError where something is missing, given twice, or of the wrong shape
 */
export async function build(
  lifecycle: Lifecycle,
  dataset: Dataset,
  updates: number,
  contributions = new Contributions(lifecycle),
): Promise<Built> {
  const media = await collectMedia(lifecycle, contributions);
  const { signals } = dataset.train;
  const augmentation = await collectAugmentation(lifecycle, contributions, signals);
  const taken = takenShapes(augmentation, signals);
  const roles = madeShapes(augmentation, taken);
  const definitions = await collectNetworks(lifecycle, contributions, roles);
  const { main, made, networks } = declareNetworks(definitions, roles);
  const losses = await collectLosses(lifecycle, contributions, main);
  const optimizers = await collectOptimizers(lifecycle, contributions, [...networks.keys()]);
  const phases = await collectPhases(lifecycle, { updates, main }, contributions);
  const transforms = await collectTransforms(lifecycle, contributions, main);
  const { gradientTransforms, stateTransforms } = transforms;
  checkEvaluated(stateTransforms, main);
  const schedules = new Map<string, ScheduleReplacement>();
  const blueprint: Blueprint = {
    augmentation,
    shapes: { taken, made },
    networks: definitions,
    main,
    losses,
    optimizers,
    phases,
    gradientTransforms,
    stateTransforms,
    schedules,
  };
  checkUse(blueprint);
  checkLengths(blueprint, dataset);
  const steps = phases.map((phase) => buildTrainingStep(blueprint, networks, phase));
  await replaceSchedules(lifecycle, steps, schedules, contributions);
  const metrics = await collectMetrics(lifecycle, contributions);
  const evaluations = await collectEvaluations(lifecycle, contributions);
  const { list } = contributions;
  return { blueprint, media, networks, steps, evaluations, metrics, contributions: list };
}
