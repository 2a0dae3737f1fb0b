import type { Node, Recording } from '../ir/types.js';
import { findChains, type Chain } from '../passes/chains.js';
import { countUses } from '../passes/liveness.js';
import { mayReplace, usersOf } from '../passes/updates.js';
import type { LoweringOptions } from './options.js';
import { spatialNodes } from './placement.js';
import type { Plan } from './planned.js';
import { UpdatePlan } from './update-plan.js';

export function planOf(recording: Recording, options: LoweringOptions): Plan {
  const uses = countUses(recording);
  const spatial = spatialNodes(recording, uses, options);
  const updates = new UpdatePlan(recording, uses, options.chunk);
  const found = findChains(recording, uses, spatial);
  const chains = byNode(found);
  const inside = new Set(found.flatMap(({ nodes }) => nodes).filter((node) => !chains.has(node)));
  const results = new Set([...recording.state.values(), ...recording.outputs.values()]);
  const due = recording.nodes.filter((node) => {
    if (!uses.has(node) || inside.has(node)) return false;
    const update = updates.of(node);
    if (update !== undefined && !update.results.includes(node)) return false;
    return results.has(node) || !canWait(node);
  });
  const inPlace = replaceable(recording, uses, updates, results);
  return { uses, spatial, updates, chains, due, inPlace };
}

function byNode(chains: readonly Chain[]): Map<Node, Chain> {
  return new Map(
    chains.flatMap((chain) =>
      [...chain.results, ...chain.sums].map((node) => [node, chain] as const),
    ),
  );
}

/** Whether a node may become part of its only user. */
function canWait(node: Node): boolean {
  const { op } = node;
  if (op.kind === 'binary') return (op.f === 'Mul' || op.f === 'Sub') && node.shape.length === 4;
  if (op.kind === 'unary') return op.f === 'Square';
  return ['conv', 'convInput', 'broadcast', 'reshape', 'splat', 'constant'].includes(op.kind);
}

/** State that an update changes whose old value nobody needs any more when it does. */
function replaceable(
  recording: Recording,
  uses: ReadonlyMap<Node, number>,
  updates: UpdatePlan,
  results: ReadonlySet<Node>,
): Set<string> {
  const users = usersOf(recording, uses);
  const olds = new Map(
    recording.nodes.flatMap((node) =>
      node.op.kind === 'input' && node.op.role === 'state' ? [[node.op.name, node] as const] : [],
    ),
  );
  const names = new Set<string>();
  for (const [name, node] of recording.state) {
    const [old, update] = [olds.get(name), updates.of(node)];
    if (old === undefined || update === undefined || results.has(old)) continue;
    if (mayReplace(update, old, node, users)) names.add(name);
  }
  return names;
}
