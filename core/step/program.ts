import { lastingZeros } from '../engine/zeros.js';
import { util, type Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor, Program, ProgramSignature } from '../engine/types.js';
import { withScope } from '../attribution/scope.js';
import { badContribution } from '../errors/plugin.js';
import { didYouMean } from '../errors/nearest.js';
import type { DeclaredNetwork } from './declare.js';
import { augment, batchInputs } from './augment.js';
import { drawShape, followed, type DrawnInput } from './draws.js';
import type { Blueprint, LossTerm, NetworkUpdate, Phase, Signals } from './types.js';
import { drawName, need, slotName, transformScalar, type UpdatePlan } from './plan.js';
import { asScalar } from './rank.js';
import { learningRatesAt, scalarNames, scalarsAt } from './scalars.js';
import { inspectUpdate, networkUpdate } from './update.js';

/** The training step of one phase, ready for an engine, and the numbers it needs at each update. */
export interface TrainingStep {
  readonly phase: Phase;
  readonly program: Program;
  /**
   * Looks inside the networks that the phase updates, with the inputs of `program`, and changes
   * nothing: outputs as of `inspectUpdate`, of each network's first update.
   */
  readonly inspection: Program;
  /** How many batches one update consumes. */
  readonly batches: number;
  /** The random inputs of the loss terms, by name of the program's input or scalar. */
  readonly draws: ReadonlyMap<string, DrawnInput>;
  readonly signature: (batchSize: number) => ProgramSignature;
  /** Scalar inputs (without those of the augmentation). @param update 1, 2, … in this phase */
  scalars(update: number): Map<string, number>;
  /** Learning rates by network, of optimizers that tell theirs. @param update 1, 2, … in this phase */
  learningRates(update: number): Map<string, number>;
  /** State that the phase adds: optimizer slots, all zero. */
  initialState(): Map<string, HostTensor>;
}

/**
 * Builds the pure training step of a phase from what the plugins contributed.
 * @throws NcnError where contributions do not fit together
 */
export function buildTrainingStep(
  blueprint: Blueprint,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  phase: Phase,
): TrainingStep {
  const plans = phase.order.map((update) => planUpdate(blueprint, networks, phase, update));
  const batches = Math.max(...phase.order.map((u) => u.batch)) + 1;
  const draws = drawsOf(blueprint, plans, phase);
  const program: Program = {
    name: `train/${phase.name}`,
    body: ({ state, inputs, scalars }) => {
      const next = new Map(state);
      const outputs = new Map<string, Tensor>();
      const augmented = new Map<number, Signals>();
      plans.forEach((plan, index) => {
        const slot = plan.update.batch;
        const batch =
          augmented.get(slot) ?? augment(blueprint.augmentation, slot, inputs, scalars, 'train');
        augmented.set(slot, batch);
        const metrics = networkUpdate(plan, index, next, batch, { inputs, scalars });
        for (const [name, value] of metrics) outputs.set(name, value);
      });
      transformState(blueprint, next, scalars);
      return { state: changed(state, next), outputs };
    },
  };
  let slots: Map<string, HostTensor> | undefined;
  return {
    phase,
    program,
    inspection: inspectionOf(blueprint, plans, phase),
    batches,
    draws,
    signature: (batchSize) => signatureOf(blueprint, plans, { batches, draws }, batchSize),
    scalars: (update) => scalarsAt(blueprint, plans, phase, update),
    learningRates: (update) => learningRatesAt(plans, update),
    initialState: () => new Map((slots ??= slotsAtStart(plans, phase))),
  };
}

/** Examples whose activations are looked at: enough for a histogram, few enough to copy. */
const inspectedExamples = 4;

function inspectionOf(blueprint: Blueprint, plans: readonly UpdatePlan[], phase: Phase): Program {
  const names = plans.map((plan) => plan.update.network);
  return {
    name: `inspect/${phase.name}`,
    body: ({ state, inputs, scalars }) => {
      const outputs = new Map<string, Tensor>();
      plans.forEach((plan, index) => {
        if (names.indexOf(plan.update.network) !== index) return;
        const { augmentation } = blueprint;
        const batch = augment(augmentation, plan.update.batch, inputs, scalars, 'train');
        const given = { inputs, scalars };
        const seen = inspectUpdate(plan, index, state, batch, given, inspectedExamples);
        for (const [name, tensor] of seen) outputs.set(name, tensor);
      });
      return { state: new Map(), outputs };
    },
  };
}

function planUpdate(
  blueprint: Blueprint,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  phase: Phase,
  update: NetworkUpdate,
): UpdatePlan {
  const network = networks.get(update.network);
  if (network === undefined) {
    throw badContribution(
      `Phase '${phase.name}' updates the network '${update.network}', which no plugin provides.`,
      didYouMean(update.network, networks.keys()),
    );
  }
  const optimizer = blueprint.optimizers.get(update.network);
  if (optimizer === undefined) {
    throw badContribution(`No optimizer is given for the network '${update.network}'.`);
  }
  return {
    update,
    network,
    networks,
    main: blueprint.main,
    optimizer,
    terms: termsOf(blueprint.losses, phase, update),
    phase: phase.name,
    gradientTransforms: blueprint.gradientTransforms,
  };
}

function termsOf(losses: readonly LossTerm[], phase: Phase, update: NetworkUpdate): LossTerm[] {
  const own = losses.filter((term) => term.network === update.network);
  const terms = update.terms;
  if (terms === undefined) {
    if (own.length > 0) return own;
    throw badContribution(
      `Phase '${phase.name}' updates '${update.network}', but no plugin gives it a loss term.`,
    );
  }
  return terms.map((name) => {
    const term = own.find((candidate) => candidate.name === name);
    if (term !== undefined) return term;
    throw badContribution(
      `Phase '${phase.name}' minimises the loss term '${name}' of '${update.network}', which no plugin provides.`,
      didYouMean(
        name,
        own.map((candidate) => candidate.name),
      ),
    );
  });
}

function changed(
  before: ReadonlyMap<string, Tensor>,
  after: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  return new Map([...after].filter(([name, tensor]) => before.get(name) !== tensor));
}

function transformState(
  blueprint: Blueprint,
  state: Map<string, Tensor>,
  scalars: ReadonlyMap<string, Tensor>,
): void {
  for (const transform of blueprint.stateTransforms) {
    const numbers = new Map(
      Object.keys(transform.scalars?.(1) ?? {}).map((name) => {
        const full = transformScalar(transform, name);
        return [name, asScalar(need(scalars, full), full)] as const;
      }),
    );
    const prefix = `${transform.network}/`;
    const network = new Map<string, Tensor>();
    const own = new Map<string, Tensor>();
    for (const [name, tensor] of state) {
      if (!name.startsWith(prefix)) continue;
      const short = name.slice(prefix.length);
      network.set(short, tensor);
      own.set(short, need(state, `${transform.name}/${name}`));
    }
    const next = withScope(`/transforms/${transform.name}`, () =>
      transform.apply(own, network, numbers),
    );
    for (const [short, tensor] of next) {
      state.set(`${transform.name}/${prefix}${short}`, tensor);
    }
  }
}

/** Every update of a phase draws for itself: two updates of a network see different numbers. */
function drawsOf(
  { shapes }: Blueprint,
  plans: readonly UpdatePlan[],
  phase: Phase,
): Map<string, DrawnInput> {
  const result = new Map<string, DrawnInput>();
  plans.forEach((plan, index) => {
    for (const term of plan.terms) {
      for (const [name, draw] of Object.entries(term.draws ?? {})) {
        const full = drawName(index, term, name);
        const signal = followed(name, draw, shapes.made, 'output');
        result.set(full, { draw, stream: `${phase.name}/${full}`, signal });
      }
    }
  });
  return result;
}

function signatureOf(
  blueprint: Blueprint,
  plans: readonly UpdatePlan[],
  { batches, draws }: Pick<TrainingStep, 'batches' | 'draws'>,
  batchSize: number,
): ProgramSignature {
  const inputs = new Map<string, readonly number[]>();
  const scalars: string[] = [];
  for (let slot = 0; slot < batches; slot++) {
    const drawn = batchInputs(blueprint.augmentation, slot, batchSize, blueprint.shapes.taken);
    for (const [name, shape] of drawn.inputs) inputs.set(name, shape);
    scalars.push(...drawn.scalars);
  }
  for (const [name, { draw, signal }] of draws) {
    if (draw.per === 'batch') scalars.push(name);
    else inputs.set(name, drawShape(draw, batchSize, signal));
  }
  return { inputs, scalars: [...new Set([...scalars, ...scalarNames(blueprint, plans)])] };
}

function slotsAtStart(plans: readonly UpdatePlan[], phase: Phase): Map<string, HostTensor> {
  const slots = new Map<string, HostTensor>();
  // All are views of the same zeros: whoever keeps state copies it.
  const zeros = lastingZeros(Math.max(0, ...plans.flatMap(sizesOf)));
  for (const plan of plans) {
    for (const { name, shape, role } of plan.network.parameters) {
      if (role !== 'weight') continue;
      const size = util.sizeFromShape([...shape]);
      for (const slot of plan.optimizer.slots) {
        const full = slotName(phase.name, `${plan.network.definition.name}/${name}`, slot);
        slots.set(full, { shape, data: zeros.subarray(0, size) });
      }
    }
  }
  return slots;
}

function sizesOf({ network }: UpdatePlan): number[] {
  return network.parameters.map(({ shape }) => util.sizeFromShape([...shape]));
}
