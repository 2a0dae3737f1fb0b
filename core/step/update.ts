import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { didYouMean } from '../errors/nearest.js';
import { badContribution } from '../errors/plugin.js';
import { applyGradients, bufferPrefix, holdMoments, moveAverages, setBuffers } from './apply.js';
import { valueAndGradients } from './backward.js';
import type { BatchMoments } from './batch-norm.js';
import { Capture } from './capture.js';
import { applyNetwork } from './declare.js';
import { drawName, need, weightScalar, type UpdatePlan } from './plan.js';
import type { DeclaredNetwork } from './declare.js';
import type { LossContext, LossTerm, Signals } from './types.js';

/** Prefixes under which a capture carries values out of the gradient function. */
const metricPrefix = 'metric:';
const activationPrefix = 'activation:';

/** Inputs and scalars of the running program: what `drawn` finds the draws of loss terms in. */
export interface ProgramValues {
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly scalars: ReadonlyMap<string, Tensor>;
}

/**
 * One network's update, as a pure function: loss terms → gradients → optimizer → moving averages.
 * @param index position in the phase's order
 * @param state is changed in place: later updates of the same step see this one's result
 * @returns the metrics, by name
 */
export function networkUpdate(
  plan: UpdatePlan,
  index: number,
  state: Map<string, Tensor>,
  batch: Signals,
  given: ProgramValues,
): Map<string, Tensor> {
  const owner = plan.network.definition.name;
  const { weights, value, grads, captured } = differentiate(plan, index, state, batch, given);
  applyGradients(plan, index, state, weights, grads, given.scalars);
  setBuffers(state, captured);
  moveAverages(owner, state, captured);
  const metrics = new Map<string, Tensor>([[`${owner}/loss`, value]]);
  for (const [name, tensor] of captured) {
    if (name.startsWith(metricPrefix)) metrics.set(name.slice(metricPrefix.length), tensor);
  }
  return metrics;
}

/** Whether and how the outputs of the network's layers are kept. */
type Observe = ((output: Tensor) => Tensor) | undefined;

/** What is carried out of the gradient function. */
interface Keeping {
  readonly capture: Capture;
  readonly observe: Observe;
}

/**
 * The value and the gradients of a network's whole loss.
 * @param observe what to keep of each output of the network's layers; nothing by default
 * @returns with them the network's weights, in the order of the gradients, and what was captured
 */
function differentiate(
  plan: UpdatePlan,
  index: number,
  state: ReadonlyMap<string, Tensor>,
  batch: Signals,
  given: ProgramValues,
  observe?: Observe,
): { weights: string[]; value: Scalar; grads: Tensor[]; captured: Map<string, Tensor> } {
  const owner = plan.network.definition.name;
  const weights = plan.network.parameters
    .filter((p) => p.role === 'weight')
    .map((p) => `${owner}/${p.name}`);
  const capture = new Capture();
  const loss = (...values: Tensor[]): Scalar => {
    const bound = new Map(state);
    weights.forEach((name, i) => {
      const value = values[i];
      if (value !== undefined) bound.set(name, value);
    });
    return totalLoss(plan, index, bound, batch, given, { capture, observe });
  };
  const { value, grads } = withScope(`/gradients/${owner}`, () =>
    valueAndGradients(owner, loss, new Map(weights.map((name) => [name, need(state, name)]))),
  );
  return { weights, value, grads, captured: capture.release() };
}

/**
 * A look inside one network's update, which changes nothing: `gradient/<parameter>` of its whole
 * loss before any transform, and `activation/<network>/<layer>`, what its layers give to the first
 * examples of the batch. Where a loss runs the network more than once, `/2`, … follows.
 * @param index position in the phase's order
 * @param examples how many examples' outputs to keep
 */
export function inspectUpdate(
  plan: UpdatePlan,
  index: number,
  state: ReadonlyMap<string, Tensor>,
  batch: Signals,
  given: ProgramValues,
  examples: number,
): Map<string, Tensor> {
  const first = (output: Tensor): Tensor => {
    const [count = 1, ...rest] = output.shape;
    return tf.slice(output, [0, ...rest.map(() => 0)], [Math.min(examples, count), ...rest]);
  };
  const { weights, grads, captured } = differentiate(plan, index, state, batch, given, first);
  const seen = new Map<string, Tensor>();
  weights.forEach((name, i) => {
    const gradient = grads[i];
    if (gradient !== undefined) seen.set(`gradient/${name}`, gradient);
  });
  for (const [key, tensor] of captured) {
    if (!key.startsWith(activationPrefix)) continue;
    const name = `activation/${key.slice(key.indexOf(':', activationPrefix.length) + 1)}`;
    let unique = name;
    for (let pass = 2; seen.has(unique); pass++) unique = `${name}/${pass}`;
    seen.set(unique, tensor);
  }
  return seen;
}

/** The value of a loss term. @throws NcnError when it is not a single number */
export function lossValue(term: LossTerm, context: LossContext): Scalar {
  const value = term.value(context);
  if (value.rank === 0) return value;
  throw badContribution(
    `Loss term '${term.name}' of '${term.network}' returned a tensor of shape [${value.shape.join(', ')}]; a loss is a single number.`,
    'Reduce it with tf.mean or tf.sum.',
  );
}

function totalLoss(
  plan: UpdatePlan,
  index: number,
  state: ReadonlyMap<string, Tensor>,
  batch: Signals,
  { inputs, scalars }: ProgramValues,
  keeping: Keeping,
): Scalar {
  const contextFor = lossContexts(plan, state, batch, keeping);
  let total: Scalar | undefined;
  for (const term of plan.terms) {
    const draw = (name: string): Tensor => {
      const full = drawName(index, term, name);
      const drawn = inputs.get(full) ?? scalars.get(full);
      if (drawn !== undefined) return drawn;
      throw undeclaredDraw(term, name);
    };
    const value = withScope(`/losses/${term.network}/${term.name}`, () =>
      lossValue(term, contextFor(draw)),
    );
    keeping.capture.hold(`${metricPrefix}${term.network}/${term.name}`, value);
    const sum: Scalar | undefined = total;
    total = withScope(`/losses/${term.network}`, () => {
      const weighted = tf.mul<Scalar>(value, need(scalars, weightScalar(term)));
      return sum === undefined ? weighted : tf.add<Scalar>(sum, weighted);
    });
  }
  if (total === undefined) {
    throw badContribution(`No loss term is given for the network '${plan.update.network}'.`);
  }
  return total;
}

/** @throws NcnError when the term asks for what it does not declare */
export function undeclaredDraw(term: LossTerm, name: string): Error {
  const { network, name: own, draws = {} } = term;
  return badContribution(
    `Loss term '${own}' of '${network}' asks for the draw '${name}', which it does not declare.`,
    `Declare it: draws: { ${name}: { per: 'example', low: 0, high: 1 } }. ${didYouMean(name, Object.keys(draws))}`,
  );
}

/** What the augmentation made under this role. @throws NcnError for another role */
export function signalOf(signals: Signals, role: string): Tensor {
  const tensor = signals[role];
  if (tensor !== undefined) return tensor;
  throw badContribution(
    `A loss term asks for the role '${role}', which the augmentation does not make.`,
    didYouMean(role, Object.keys(signals)),
  );
}

/** What the main network is given: the roles that its inputs name. @throws NcnError for a shape */
export function mainInputs(
  networks: ReadonlyMap<string, DeclaredNetwork>,
  main: string,
  signals: Signals,
): Signals {
  const inputs = Object.entries(networks.get(main)?.definition.inputs ?? {});
  return Object.fromEntries(
    inputs.map(([input, role]) => {
      if (typeof role === 'string') return [input, signalOf(signals, role)];
      throw badContribution(
        `The input '${input}' of the main network '${main}' is declared by a shape; a role of the batch was expected.`,
        `The augmentation makes ${Object.keys(signals).join(', ')}.`,
      );
    }),
  );
}

/** Contexts of the terms of one update: they share the networks' outputs, each has its own draws. */
function lossContexts(
  plan: UpdatePlan,
  state: ReadonlyMap<string, Tensor>,
  batch: Signals,
  { capture, observe }: Keeping,
): (draw: LossContext['draw']) => LossContext {
  const owner = plan.network.definition.name;
  const done = new Map<string, Tensor>();
  let passes = 0;
  const run = (name: string, inputs: Signals): Tensor => {
    const network = plan.networks.get(name);
    if (network === undefined) {
      throw badContribution(
        `A loss term asks for the network '${name}', which no plugin provides.`,
      );
    }
    const roles = Object.keys(network.definition.inputs);
    const key = `${name}:${roles.map((role) => inputs[role]?.id ?? 'none').join()}`;
    const known = done.get(key);
    // What was computed within a gradient of its own is gone after it.
    if (known !== undefined && !known.isDisposed) return known;
    // Only the network being updated moves its averages: once for each pass, in order.
    const pass = passes++;
    const moments = (layer: string, given: BatchMoments, momentum: number): void => {
      if (name === owner) holdMoments(capture, pass, `${name}/${layer}`, given, momentum);
    };
    const assign = (buffer: string, value: Tensor): void => {
      if (name === owner) capture.hold(`${bufferPrefix}${name}/${buffer}`, value);
    };
    const keep = (layer: string, output: Tensor): void => {
      if (name !== owner || observe === undefined) return;
      const id = `${activationPrefix}${String(pass).padStart(4, '0')}:${name}/${layer}`;
      capture.hold(id, observe(output));
    };
    const told = { moments, assign, observe: keep };
    const output = applyNetwork(network, state, inputs, 'batch', told);
    done.set(key, output);
    return output;
  };
  return (draw) => ({
    signals: batch,
    signal: (role) => signalOf(batch, role),
    get output() {
      return run(plan.main, mainInputs(plan.networks, plan.main, batch));
    },
    run,
    metric: (name, value) => {
      capture.hold(`${metricPrefix}${owner}/${name}`, value);
    },
    draw,
  });
}
