import type { RecordedOperation } from '../../../core/engine/types.js';
import type { Node, Operation, Recording } from '../ir/types.js';
import { recordOnce } from './record.js';

/** Scopes as core/step names them. */
const gradients = 'gradients/';
const optimizer = /^optimizer\/[^/]+\/(.+)\/[^/]+$/;

/** Records a program and describes it. @throws NcnError for an operation that cannot be recorded */
export function describeProgram(...given: Parameters<typeof recordOnce>): RecordedOperation[] {
  return describeRecording(recordOnce(...given));
}

/**
 * A recorded step for people: every operation that its result needs, under a name that says which
 * part it belongs to. tf.js runs a gradient without saying of what, so its operations go by the
 * parameter that they are for, or else by the forward operation whose values they take.
 */
export function describeRecording({ nodes, state, outputs }: Recording): RecordedOperation[] {
  const needed = reachable([...state.values(), ...outputs.values()]);
  const taken = new Map<string, number>();
  const unique = (name: string): string => {
    const count = taken.get(name) ?? 0;
    taken.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
  const targets = layersOfGradients(nodes);
  const scopes = new Map<Node, string>();
  const names = new Map<Node, string>();
  const constants = new Map<string, string>();
  const found: RecordedOperation[] = [];
  const add = (name: string, node: Node, inputs: string[]): string => {
    const { op, shape, source, contributor } = node;
    found.push({
      name,
      kind: kindOf(op),
      inputs,
      shape,
      ...(op.kind === 'input' ? {} : { source }),
      ...(contributor === undefined ? {} : { plugin: contributor }),
    });
    return name;
  };
  /** Numbers are shown where they are used: one that all parts share would tie them together. */
  const constantIn = (node: Node, scope: string): string => {
    const key = `${node.id} ${scope}`;
    const known = constants.get(key);
    if (known !== undefined) return known;
    const name = add(unique(join(scope, 'const')), node, []);
    constants.set(key, name);
    return name;
  };
  for (const node of nodes) {
    if (!needed.has(node) || isConstant(node)) continue;
    const target = targets.get(node);
    const scope = target === undefined ? scopeOf(node, scopes) : `${node.scope}/${target}`;
    scopes.set(node, scope);
    const inputs = node.inputs.map((input) =>
      isConstant(input) ? constantIn(input, scope) : (names.get(input) ?? ''),
    );
    names.set(node, add(unique(nameOf(node, scope)), node, inputs));
  }
  for (const [name, node] of outputs) {
    const input = isConstant(node) ? constantIn(node, 'outputs') : (names.get(node) ?? '');
    const { shape } = node;
    found.push({ name: unique(`outputs/${name}`), kind: 'output', inputs: [input], shape });
  }
  return found;
}

const join = (scope: string, name: string): string => (scope === '' ? name : `${scope}/${name}`);
const isConstant = ({ op }: Node): boolean => op.kind === 'constant' || op.kind === 'splat';

function reachable(from: readonly Node[]): Set<Node> {
  const seen = new Set<Node>();
  const next = [...from];
  for (let node = next.pop(); node !== undefined; node = next.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    next.push(...node.inputs);
  }
  return seen;
}

/** The layers of what optimizers take, and of the parts that it is a sum of. */
function layersOfGradients(nodes: readonly Node[]): Map<Node, string> {
  const layers = new Map<Node, string>();
  for (const node of [...nodes].reverse()) {
    const layer = optimizer.exec(node.scope)?.[1] ?? layers.get(node);
    const isSum = node.op.kind === 'binary' && node.op.f === 'Add';
    if (layer === undefined || (layers.has(node) && !isSum)) continue;
    for (const input of node.inputs) {
      if (input.scope.startsWith(gradients) && !layers.has(input)) layers.set(input, layer);
    }
  }
  return layers;
}

function scopeOf(node: Node, scopes: ReadonlyMap<Node, string>): string {
  const { scope } = node;
  if (!scope.startsWith(gradients)) return scope;
  const around = node.inputs.map((input) => scopes.get(input) ?? '');
  // Kernels and what a layer gave come before the gradient that arrives.
  const forward = node.inputs.map((input, i) => layerOf(input) ?? around[i] ?? '');
  const layer = forward.find((name) => name !== '' && !name.startsWith(gradients));
  if (layer !== undefined) return `${scope}/${layer}`;
  return around.find((name) => name.startsWith(gradients)) ?? scope;
}

/** The layer of a parameter: `generator/conv1` of `generator/conv1/kernel`. */
function layerOf({ op }: Node): string | undefined {
  if (op.kind !== 'input') return undefined;
  return op.role === 'state' ? op.name.replace(/\/[^/]*$/, '') : '';
}

function nameOf({ op }: Node, scope: string): string {
  if (op.kind !== 'input') return join(scope, kindOf(op));
  return op.role === 'state' ? op.name : `${op.role}s/${op.name}`;
}

function kindOf(op: Operation): string {
  switch (op.kind) {
    case 'input':
      return op.role;
    case 'unary':
    case 'binary':
    case 'compare':
    case 'arg':
    case 'reduce':
      return op.kind === 'reduce' || op.kind === 'arg' ? `${op.kind}${op.f}` : op.f;
    case 'topk':
      return `topk ${op.part}`;
    case 'pool':
      return `${op.f}Pool`;
    default:
      return op.kind;
  }
}
