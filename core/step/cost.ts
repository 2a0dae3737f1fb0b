import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DeclaredNetwork } from './declare.js';
import { drawShape, followed } from './draws.js';
import { onStandIns, standIn } from './stand-ins.js';
import { lossValue, mainInputs, signalOf, undeclaredDraw } from './update.js';
import type { Blueprint, LossContext, LossTerm, Phase, Signals } from './types.js';

/**
 * Multiply-adds of one update for one example, in convolutions and dense layers. A network that is
 * trained costs three forward passes (forward, gradient of its input, gradient of its weights); one
 * that only passes the gradient on costs two; one that only provides signals costs one. A pass whose
 * gradient is itself differentiated (a gradient penalty) costs twice as much.
 * @throws NcnError when a loss term is not a single number
 */
export function updateCost(
  blueprint: Blueprint,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  phase: Phase,
): number {
  return onStandIns(() => counted(blueprint, networks, phase));
}

function counted(
  blueprint: Blueprint,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  phase: Phase,
): number {
  let total = 0;
  for (const update of phase.order) {
    const terms = blueprint.losses.filter(
      (term) => term.network === update.network && (update.terms?.includes(term.name) ?? true),
    );
    tf.tidy(() => {
      const { context, passes } = countingContext(networks, blueprint);
      for (const term of terms) lossValue(term, context(term));
      const own = passes.findIndex(({ name }) => name === update.network);
      passes.forEach(({ name, differentiated }, i) => {
        const work = networks.get(name)?.multiplyAdds ?? 0;
        const factor = name === update.network ? 3 : own >= 0 && i > own ? 2 : 1;
        total += (differentiated ? 2 : 1) * factor * work;
      });
    });
  }
  return total;
}

interface Pass {
  readonly name: string;
  /** Whether a loss term asked for a gradient of it. */
  differentiated: boolean;
}

/** A context whose networks compute nothing, and which notes which of them a loss term asks for. */
function countingContext(
  networks: ReadonlyMap<string, DeclaredNetwork>,
  { shapes, main }: Blueprint,
): { context: (term: LossTerm) => LossContext; passes: Pass[] } {
  const passes: Pass[] = [];
  const done = new Map<string, { readonly pass: Pass; readonly output: Tensor }>();
  const run = (name: string, inputs: Signals): Tensor => {
    const network = networks.get(name);
    const roles = Object.keys(network?.definition.inputs ?? {});
    const key = `${name}:${roles.map((role) => inputs[role]?.id).join()}`;
    const known = done.get(key);
    const differentiated = tf.engine().state.gradientDepth > 0;
    // What was computed outside of a gradient is on no tape: a step is within one, this is not.
    if (known !== undefined && !known.output.isDisposed && !differentiated) return known.output;
    const again = known?.output.isDisposed === false ? known.pass : undefined;
    const pass = again ?? { name, differentiated };
    if (again === undefined) passes.push(pass);
    else again.differentiated = true;
    // It depends on what it is given, so that a term may ask for its gradient.
    const seen = roles.flatMap((role) => inputs[role] ?? []).map((x) => tf.mul(tf.sum(x), 0));
    const output = tf.add(
      standIn([1, ...(network?.outputShape ?? [])]),
      tf.addN([tf.scalar(0), ...seen]),
    );
    done.set(key, { pass, output });
    return output;
  };
  const signals: Signals = Object.fromEntries(
    [...shapes.made].map(([role, shape]) => [role, standIn([1, ...shape])]),
  );
  const context = (term: LossTerm): LossContext => ({
    signals,
    signal: (role) => signalOf(signals, role),
    get output() {
      return run(main, mainInputs(networks, main, signals));
    },
    run,
    metric: () => undefined,
    draw: (name) => {
      const draw = term.draws?.[name];
      if (draw === undefined) throw undeclaredDraw(term, name);
      return standIn(drawShape(draw, 1, followed(name, draw, shapes.made, 'output')));
    },
  });
  return { context, passes };
}
