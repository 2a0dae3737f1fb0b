import { z } from 'zod';
import type { Contributions } from '../../attribution/contributions.js';
import { Media, type Medium } from '../../data/medium.js';
import type { Examples, Shape } from '../../data/types.js';
import { didYouMean } from '../../errors/nearest.js';
import { badContribution } from '../../errors/plugin.js';
import { checkEvaluation, checkMetric, checkPhase, checkResult } from './check-declared.js';
import type { Metric } from '../../evaluation/metric.js';
import type { Evaluation, EvaluationContext } from '../../hooks/payloads.js';
import type { Lifecycle } from '../../hooks/lifecycle.js';
import type { TrainingStep } from '../../step/program.js';
import type {
  Augmentation,
  GradientTransform,
  LossTerm,
  NetworkDefinition,
  Optimizer,
  Phase,
  ScheduleReplacement,
  StateTransform,
} from '../../step/types.js';

/** Each fires one build hook and takes what plugins contribute in it. */

const leaveOneOut = 'Leave one out with --without, or let one declare `replaces`.';

export async function collectMedia(
  lifecycle: Lifecycle,
  contributions: Contributions,
): Promise<Media> {
  const media: Medium[] = [];
  await lifecycle.media.call({
    add: (medium) => {
      if (media.some(({ name }) => name === medium.name)) {
        throw badContribution(`Two plugins offer the medium '${medium.name}'.`, leaveOneOut);
      }
      media.push(contributions.take('medium', medium.name, medium));
    },
  });
  return new Media(media);
}

export async function collectAugmentation(
  lifecycle: Lifecycle,
  contributions: Contributions,
  signals: Examples['signals'],
): Promise<Augmentation> {
  const given: Augmentation[] = [];
  await lifecycle.augmentation.call({
    signals,
    set: (augmentation) => {
      const [first] = given;
      if (first !== undefined) {
        const by = contributions.by('augmentation', first.name);
        throw badContribution(
          `The augmentation is already set ('${first.name}', by plugin '${by}').`,
          leaveOneOut,
        );
      }
      checkComplete(augmentation);
      given.push(contributions.take('augmentation', augmentation.name, augmentation));
    },
  });
  const [augmentation] = given;
  if (augmentation === undefined) {
    throw badContribution('No plugin sets the augmentation.', 'Add one: --plugin augmentation.');
  }
  return augmentation;
}

/** What a plugin without types may have left out. */
const augmentationParts = z.object({
  name: z.string(),
  takes: z.record(z.string(), z.object({ signal: z.string() })),
  draws: z.record(z.string(), z.unknown()),
  makes: z.array(z.string()),
  apply: z.custom<Augmentation['apply']>((value) => typeof value === 'function', 'a function'),
});

/** @throws NcnError for an augmentation without one of its parts */
function checkComplete(augmentation: Augmentation): void {
  const { error } = augmentationParts.safeParse(augmentation);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return;
  throw badContribution(
    `The augmentation '${augmentation.name}' is not complete: '${issue.path.join('.')}': ${issue.message}.`,
    'It has name, takes, draws, makes and apply; docs/plugins.md shows one.',
  );
}

export async function collectNetworks(
  lifecycle: Lifecycle,
  contributions: Contributions,
  roles: ReadonlyMap<string, Shape>,
): Promise<Map<string, NetworkDefinition>> {
  const networks = new Map<string, NetworkDefinition>();
  await lifecycle.networks.call({
    roles,
    add: (network) => {
      const { name } = network;
      if (networks.has(name)) {
        throw badContribution(
          `Two plugins provide the network '${name}': '${contributions.by('network', name)}' did so already.`,
          leaveOneOut,
        );
      }
      networks.set(name, contributions.take('network', name, network));
    },
  });
  return networks;
}

export async function collectLosses(
  lifecycle: Lifecycle,
  contributions: Contributions,
  main: string,
): Promise<LossTerm[]> {
  const losses: LossTerm[] = [];
  await lifecycle.losses.call({
    main,
    add: (term) => losses.push(contributions.take('loss', `${term.network}/${term.name}`, term)),
  });
  return losses;
}

export async function collectOptimizers(
  lifecycle: Lifecycle,
  contributions: Contributions,
  networks: readonly string[],
): Promise<Map<string, Optimizer>> {
  const optimizers = new Map<string, Optimizer>();
  const changes: ((network: string, optimizer: Optimizer) => Optimizer)[] = [];
  await lifecycle.optimizers.call({
    networks,
    set: (network, optimizer) => {
      if (optimizers.has(network)) {
        throw badContribution(
          `The network '${network}' has an optimizer already, from plugin '${contributions.by('optimizer', network)}'.`,
          leaveOneOut,
        );
      }
      optimizers.set(network, contributions.take('optimizer', network, optimizer));
    },
    wrap: (change) => {
      const take = contributions.later('optimizer');
      changes.push((network, inner) => take(network, () => change(inner, network)));
    },
  });
  for (const change of changes) {
    for (const [network, inner] of optimizers) optimizers.set(network, change(network, inner));
  }
  return optimizers;
}

export async function collectTransforms(
  lifecycle: Lifecycle,
  contributions: Contributions,
  main: string,
): Promise<{ gradientTransforms: GradientTransform[]; stateTransforms: StateTransform[] }> {
  const gradientTransforms: GradientTransform[] = [];
  const stateTransforms: StateTransform[] = [];
  await lifecycle.transforms.call({
    main,
    gradients: (transform) =>
      gradientTransforms.push(contributions.take('gradient transform', transform.name, transform)),
    state: (transform) =>
      stateTransforms.push(contributions.take('state transform', transform.name, transform)),
  });
  return { gradientTransforms, stateTransforms };
}

export async function collectMetrics(
  lifecycle: Lifecycle,
  contributions: Contributions,
): Promise<Metric[]> {
  const offered: Metric[] = [];
  await lifecycle.metrics.call({
    add: (metric) => {
      if (offered.some(({ name }) => name === metric.name)) {
        throw badContribution(`Two plugins offer the metric '${metric.name}'.`, 'Rename one.');
      }
      checkMetric(metric);
      offered.push(contributions.take('metric', metric.name, metric));
    },
    metrics: offered,
  });
  return offered;
}

export async function collectEvaluations(
  lifecycle: Lifecycle,
  contributions: Contributions,
): Promise<Map<string, Evaluation>> {
  const evaluations = new Map<string, Evaluation>();
  await lifecycle.evaluations.call({
    evaluations,
    add: (evaluation) => {
      const { name } = evaluation;
      if (evaluations.has(name)) {
        throw badContribution(`Two evaluations are named '${name}'.`);
      }
      checkEvaluation(evaluation);
      const taken = contributions.take('evaluation', name, evaluation);
      const part = contributions.partsOf('evaluation', name);
      const checked = part({
        run: async (context: EvaluationContext) => checkResult(await taken.run(context)),
      });
      evaluations.set(name, { ...taken, ...checked });
    },
  });
  return evaluations;
}

export async function collectPhases(
  lifecycle: Lifecycle,
  { updates, main }: { readonly updates: number; readonly main: string },
  contributions: Contributions,
): Promise<Phase[]> {
  const phases: Phase[] = [];
  await lifecycle.phases.call({
    updates,
    main,
    phases,
    add: (phase, before) => {
      if (phases.some(({ name }) => name === phase.name)) {
        throw badContribution(`Two phases are named '${phase.name}'.`);
      }
      checkPhase(phase);
      const at = before === undefined ? phases.length : phases.findIndex((p) => p.name === before);
      if (at < 0) {
        throw badContribution(
          `Phase '${phase.name}' should come before '${String(before)}', which does not exist.`,
        );
      }
      phases.splice(at, 0, contributions.take('phase', phase.name, phase));
    },
  });
  if (phases.length === 0) {
    throw badContribution('No plugin adds a phase.', 'Add one: --plugin updates.generator.');
  }
  return phases;
}

export async function replaceSchedules(
  lifecycle: Lifecycle,
  steps: readonly TrainingStep[],
  schedules: Map<string, ScheduleReplacement>,
  contributions: Contributions,
): Promise<void> {
  const scalars = [...new Set(steps.flatMap((step) => [...step.scalars(1).keys()]))];
  await lifecycle.schedules.call({
    scalars,
    replace: (scalar, schedule) => {
      if (!scalars.includes(scalar)) {
        throw badContribution(
          `There is no scalar '${scalar}' in the training step.`,
          didYouMean(scalar, scalars),
        );
      }
      schedules.set(scalar, contributions.takeFunction('schedule', scalar, schedule));
    },
  });
}
