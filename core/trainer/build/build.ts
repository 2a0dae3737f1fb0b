import type { Dataset } from '../../data/types.js';
import { Contributions, type Contribution } from '../../attribution/contributions.js';
import { badContribution } from '../../errors/plugin.js';
import { didYouMean } from '../../errors/nearest.js';
import type { Lifecycle } from '../../hooks/lifecycle.js';
import type { Evaluation, ImageMetric } from '../../hooks/payloads.js';
import { tryAugmentation } from '../../step/augment.js';
import { declareNetwork, type DeclaredNetwork } from '../../step/declare.js';
import { buildTrainingStep, type TrainingStep } from '../../step/program.js';
import type {
  Augmentation,
  Blueprint,
  GradientTransform,
  LossTerm,
  NetworkDefinition,
  Optimizer,
  Phase,
  ScheduleReplacement,
  StateTransform,
} from '../../step/types.js';

/** What the build hooks made: pure functions and declarations, checked against each other. */
export interface Built {
  readonly blueprint: Blueprint;
  readonly networks: ReadonlyMap<string, DeclaredNetwork>;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: ReadonlyMap<string, Evaluation>;
  readonly metrics: readonly ImageMetric[];
  /** Who contributed what, in order. */
  readonly contributions: readonly Contribution[];
}

/**
 * Fires the build hooks from `augmentation` to `evaluations` and puts together what they contribute.
 * @param updates number of updates of the main phase
 * @throws NcnError where something is missing, given twice, or of the wrong shape
 */
export async function build(
  lifecycle: Lifecycle,
  dataset: Dataset,
  updates: number,
  contributions = new Contributions(lifecycle),
): Promise<Built> {
  const { height, width } = dataset.train;
  const imageSize: [number, number] = [height, width];
  const augmentation = await collectAugmentation(lifecycle, contributions);
  tryAugmentation(augmentation, imageSize);
  const definitions = await collectNetworks(lifecycle, contributions);
  const networks = new Map(
    [...definitions].map(([name, definition]) => [name, declareNetwork(definition, imageSize)]),
  );
  checkGenerator(networks, imageSize);
  const losses: LossTerm[] = [];
  await lifecycle.losses.call({
    add: (term) => losses.push(contributions.take('loss', `${term.network}/${term.name}`, term)),
  });
  const optimizers = new Map<string, Optimizer>();
  await lifecycle.optimizers.call({
    set: (network, optimizer) =>
      optimizers.set(network, contributions.take('optimizer', network, optimizer)),
    networks: [...networks.keys()],
  });
  const phases = await collectPhases(lifecycle, updates, contributions);
  const gradientTransforms: GradientTransform[] = [];
  const stateTransforms: StateTransform[] = [];
  await lifecycle.transforms.call({
    gradients: (transform) =>
      gradientTransforms.push(contributions.take('gradient transform', transform.name, transform)),
    state: (transform) =>
      stateTransforms.push(contributions.take('state transform', transform.name, transform)),
  });
  const schedules = new Map<string, ScheduleReplacement>();
  checkEvaluated(stateTransforms);
  const blueprint: Blueprint = {
    augmentation,
    networks: definitions,
    losses,
    optimizers,
    phases,
    gradientTransforms,
    stateTransforms,
    schedules,
    imageSize,
  };
  const steps = phases.map((phase) => buildTrainingStep(blueprint, networks, phase));
  await replaceSchedules(lifecycle, steps, schedules, contributions);
  const metrics = await collectMetrics(lifecycle, contributions);
  const evaluations = new Map<string, Evaluation>();
  await lifecycle.evaluations.call({
    add: (evaluation) => {
      if (evaluations.has(evaluation.name)) {
        throw badContribution(`Two evaluations are named '${evaluation.name}'.`);
      }
      const { name } = evaluation;
      evaluations.set(name, contributions.take('evaluation', name, evaluation));
    },
  });
  return { blueprint, networks, steps, evaluations, metrics, contributions: contributions.list };
}

async function collectAugmentation(
  lifecycle: Lifecycle,
  contributions: Contributions,
): Promise<Augmentation> {
  const given: Augmentation[] = [];
  await lifecycle.augmentation.call({
    set: (augmentation) => {
      const [first] = given;
      if (first !== undefined) {
        const by = contributions.by('augmentation', first.name);
        throw badContribution(
          `The augmentation is already set ('${first.name}', by plugin '${by}').`,
          'Leave one out with --without, or let one declare `replaces`.',
        );
      }
      given.push(contributions.take('augmentation', augmentation.name, augmentation));
    },
  });
  const [augmentation] = given;
  if (augmentation === undefined) {
    throw badContribution('No plugin sets the augmentation.', 'Add one: --plugin augmentation.');
  }
  return augmentation;
}

async function collectNetworks(
  lifecycle: Lifecycle,
  contributions: Contributions,
): Promise<Map<string, NetworkDefinition>> {
  const networks = new Map<string, NetworkDefinition>();
  await lifecycle.networks.call({
    add: (network) => {
      if (networks.has(network.name)) {
        throw badContribution(
          `Two plugins provide the network '${network.name}': '${contributions.by('network', network.name)}' did so already.`,
          'Leave one out with --without, or let one declare `replaces`.',
        );
      }
      const { name } = network;
      networks.set(name, contributions.take('network', name, network));
    },
  });
  return networks;
}

function checkGenerator(
  networks: ReadonlyMap<string, DeclaredNetwork>,
  [height, width]: readonly [number, number],
): void {
  const generator = networks.get('generator');
  if (generator === undefined) {
    throw badContribution(
      "No plugin provides the network 'generator'.",
      didYouMean('generator', networks.keys()),
    );
  }
  const expected = [height, width, 1];
  if (generator.outputShape.join() === expected.join()) return;
  throw badContribution(
    `The generator's output has the shape [batch, ${generator.outputShape.join(', ')}]; [batch, ${expected.join(', ')}] was expected.`,
  );
}

/** At most one transform can stand in for the generator. */
function checkEvaluated(transforms: readonly StateTransform[]): void {
  const evaluated = transforms.filter((transform) => transform.evaluated === true);
  const [first, second] = evaluated;
  if (first !== undefined && second !== undefined) {
    throw badContribution(
      `The state transforms '${first.name}' and '${second.name}' both want to be evaluated.`,
      'Leave one out with --without, or let it be saved only.',
    );
  }
  if (first === undefined || first.network === 'generator') return;
  throw badContribution(
    `The state transform '${first.name}' follows '${first.network}', but only the generator is evaluated.`,
  );
}

async function collectMetrics(
  lifecycle: Lifecycle,
  contributions: Contributions,
): Promise<ImageMetric[]> {
  const offered: ImageMetric[] = [];
  await lifecycle.metrics.call({
    add: (metric) => {
      if (offered.some(({ name }) => name === metric.name)) {
        throw badContribution(`Two plugins offer the metric '${metric.name}'.`, 'Rename one.');
      }
      offered.push(contributions.take('metric', metric.name, metric));
    },
    get metrics() {
      return offered.map(({ name }) => name);
    },
  });
  return offered;
}

async function collectPhases(
  lifecycle: Lifecycle,
  updates: number,
  contributions: Contributions,
): Promise<Phase[]> {
  const phases: Phase[] = [];
  await lifecycle.phases.call({
    updates,
    phases,
    add: (phase, before) => {
      if (phases.some(({ name }) => name === phase.name)) {
        throw badContribution(`Two phases are named '${phase.name}'.`);
      }
      if (phase.order.length === 0) throw badContribution(`Phase '${phase.name}' updates nothing.`);
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

async function replaceSchedules(
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
