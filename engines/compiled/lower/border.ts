import type { Node, Operation } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { physicalShape, stateLayout } from './layout.js';
import type { Port } from './port.js';

/** What comes into the graph. State comes in chunks where its update wants it so. */
export function lowerInput(
  c: Context,
  node: Node,
  { role, name }: Extract<Operation, { kind: 'input' }>,
): Value {
  const layout = role === 'state' ? stateLayout : 'logical';
  const value = `${role}:${name}`;
  if (role === 'state' && c.plan.updates.wantsChunks(node)) {
    const chunks = c.plan.updates.chunksOf(node);
    c.inputs.push({ role, name, value, shape: node.shape, physical: chunks });
    return c.putChunks(node, c.graph.input(value, chunks));
  }
  const physical = physicalShape(node.shape, layout);
  c.inputs.push({ role, name, value, shape: node.shape, physical });
  const known = c.options.portable === true || c.options.knownShapes === true;
  const hidden = isBatch({ role, physical }) && !known;
  const shape = hidden ? [`${value}:length`, ...physical.slice(1)] : physical;
  return c.put(node, layout, c.graph.input(value, shape));
}

/** Whether the first side of what is fed in may be declared to vary. */
export function isBatch({ role, physical }: Pick<Port, 'role' | 'physical'>): boolean {
  return role === 'input' && physical.length > 0;
}

/** The next value of an entry of the state leaves the graph, in chunks where it exists so. */
export function leaveState(c: Context, name: string, node: Node): Port {
  const { shape } = node;
  const value = `next:${name}`;
  const inPlace = c.plan.inPlace.has(name);
  const chunks = c.chunksOf(node);
  if (chunks !== undefined) {
    const physical = c.plan.updates.chunksOf(node);
    c.graph.output(chunks, value, physical, 'float32');
    return { role: 'state', name, value, shape, physical, inPlace };
  }
  const physical = physicalShape(shape, stateLayout);
  c.graph.output(numbers(c, node, c.get(node, stateLayout)), value, physical, 'float32');
  return { role: 'state', name, value, shape, physical, inPlace };
}

/** A value for whoever asks leaves the graph. */
export function leaveOutput(c: Context, name: string, node: Node): Port {
  const { shape } = node;
  const value = `out:${name}`;
  c.graph.output(numbers(c, node, c.get(node)), value, shape, 'float32');
  return { role: 'output', name, value, shape, physical: shape };
}

function numbers(c: Context, { dtype }: Node, value: Value): Value {
  return dtype === 'float32' ? value : c.graph.op('Cast', [value], { to: int(1) });
}
