import { badContribution } from '../errors/plugin.js';
import { optimizerScalar, transformScalar, weightScalar, type UpdatePlan } from './plan.js';
import type { Blueprint, Phase } from './types.js';

/** Names of the numbers that an update of a phase is given, without those of the augmentation. */
export function scalarNames(
  { stateTransforms }: Blueprint,
  plans: readonly UpdatePlan[],
): ReadonlySet<string> {
  const updates = plans.flatMap((plan, index) => [
    ...plan.terms.map(weightScalar),
    ...Object.keys(plan.optimizer.scalars(1, 1)).map((name) =>
      optimizerScalar(index, plan.update.network, name),
    ),
  ]);
  const after = stateTransforms.flatMap((transform) =>
    Object.keys(transform.scalars?.(1) ?? {}).map((name) => transformScalar(transform, name)),
  );
  return new Set([...updates, ...after]);
}

/**
 * Those numbers.
 * @param update 1, 2, … in this phase @throws NcnError for one that is not finite
 */
export function scalarsAt(
  blueprint: Blueprint,
  plans: readonly UpdatePlan[],
  phase: Phase,
  update: number,
): Map<string, number> {
  const values = new Map<string, number>();
  const set = (name: string, declared: number): unknown =>
    values.set(name, blueprint.schedules.get(name)?.(update, declared) ?? declared);
  plans.forEach((plan, index) => {
    for (const term of plan.terms) set(weightScalar(term), term.weight(update));
    const given = plan.optimizer.scalars(stepOf(plans, plan, update), update);
    for (const [name, value] of Object.entries(given)) {
      set(optimizerScalar(index, plan.update.network, name), value);
    }
  });
  const ofRun = updatesBefore(blueprint, phase) + update;
  for (const transform of blueprint.stateTransforms) {
    for (const [name, value] of Object.entries(transform.scalars?.(ofRun) ?? {})) {
      set(transformScalar(transform, name), value);
    }
  }
  for (const [name, value] of values) {
    if (Number.isFinite(value)) continue;
    throw badContribution(
      `The schedule of '${name}' gives ${String(value)} at update ${update} of phase '${phase.name}'; a finite number was expected.`,
    );
  }
  return values;
}

/** Which step of its optimizer an update of the plan is: 1, 2, … */
function stepOf(plans: readonly UpdatePlan[], plan: UpdatePlan, update: number): number {
  // A network updated k times per update has made k·(update − 1) steps before this one.
  const same = plans.filter((p) => p.update.network === plan.update.network);
  return same.length * (update - 1) + same.indexOf(plan) + 1;
}

function updatesBefore({ phases }: Blueprint, phase: Phase): number {
  const at = phases.findIndex(({ name }) => name === phase.name);
  return phases.slice(0, Math.max(0, at)).reduce((sum, { updates }) => sum + updates, 0);
}

/** Learning rates by network, of optimizers that tell theirs. @param update as for `scalarsAt` */
export function learningRatesAt(plans: readonly UpdatePlan[], update: number): Map<string, number> {
  return new Map(
    plans.flatMap((plan) => {
      const rate = plan.optimizer.learningRate?.(update);
      return rate === undefined ? [] : [[plan.update.network, rate] as const];
    }),
  );
}
