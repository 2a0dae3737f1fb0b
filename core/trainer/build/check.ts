import { badContribution } from '../../errors/plugin.js';
import type { Dataset } from '../../data/types.js';
import type { Blueprint, StateTransform } from '../../step/types.js';

/** At most one transform can stand in for the main network. @throws NcnError */
export function checkEvaluated(transforms: readonly StateTransform[], main: string): void {
  const [first, second] = transforms.filter((transform) => transform.evaluated === true);
  if (first !== undefined && second !== undefined) {
    throw badContribution(
      `The state transforms '${first.name}' and '${second.name}' both want to be evaluated.`,
      'Leave one out with --without, or let it be saved only.',
    );
  }
  if (first === undefined || first.network === main) return;
  throw badContribution(
    `The state transform '${first.name}' follows '${first.network}', but only the main network '${main}' is evaluated.`,
  );
}

/**
 * @throws NcnError where examples of the test split have another length and the main network does not
 * say that it works for any
 */
export function checkLengths(
  { main, networks }: Blueprint,
  { train, test }: Pick<Dataset, 'train' | 'test'>,
): void {
  const { anyLength = [] } = networks.get(main) ?? {};
  for (const [signal, shape] of Object.entries(train.signals)) {
    const other = test.signals[signal] ?? [];
    if (shape.every((side, axis) => side === other[axis] || anyLength.includes(axis))) continue;
    throw badContribution(
      `The signal '${signal}' is [${shape.join(', ')}] in training and [${other.join(', ')}] in the test split, but the network '${main}' works for one length only.`,
      'Where it works for any, say so: anyLength: [0]. Else give both splits equal shapes.',
    );
  }
}

/** @throws NcnError for a loss of a network that no phase updates: it would have no effect */
export function checkUse({ losses, phases }: Blueprint): void {
  const updated = new Set(phases.flatMap(({ order }) => order.map(({ network }) => network)));
  const idle = losses.find(({ network }) => !updated.has(network));
  if (idle === undefined) return;
  throw badContribution(
    `The network '${idle.network}' has the loss term '${idle.name}', but no phase updates it.`,
    `Add a phase that does (--plugin updates.paired, say), or leave the loss out. Updated are: ${[...updated].join(', ')}.`,
  );
}
