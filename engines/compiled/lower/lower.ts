import type { Node, Operation, Recording } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import { OnnxGraph, type Value } from '../onnx/graph.js';
import { countUses } from '../passes/liveness.js';
import { groupUpdates } from '../passes/group-updates.js';
import { findChains, type Chain } from '../passes/chains.js';
import { findUpdates, mayReplace, usersOf, type Update } from '../passes/updates.js';
import { lowerFusedSum } from './affine.js';
import { emitChain } from './chains.js';
import { Context, type LoweringOptions } from './context.js';
import { filterGradient } from './conv-filter.js';
import { convolve, convolveDepthwise, pool } from './conv-forward.js';
import { inputGradient } from './conv-input.js';
import * as elementwise from './elementwise.js';
import { physicalShape } from './layout.js';
import { spatialNodes } from './placement.js';
import * as reductions from './reductions.js';
import { RuntimeShapes } from './runtime-shapes.js';
import * as forms from './shapes.js';
import { Updates } from './updates.js';

/** One tensor at the border of the compiled program. */
export interface Port {
  readonly role: 'state' | 'input' | 'scalar' | 'output';
  /** In the program. */
  readonly name: string;
  /** In the ONNX graph. */
  readonly value: string;
  /** Logical. */
  readonly shape: readonly number[];
  /** In memory. */
  readonly physical: readonly number[];
  /** For state that changes: its new value may be written over the old. */
  readonly inPlace?: boolean;
}

export interface Lowered {
  readonly model: Uint8Array;
  readonly nodes: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** The layout in which state is kept between runs: filters as convolutions want them. */
export const stateLayout = 'filter';

/** Optimizer updates of fewer elements cost more in calls than in arithmetic. */
const smallUpdate = 65_536;
/** Those of fewer elements fit the CPU's cache. */
const largeUpdate = 500_000;

/** Lowers a recording to an ONNX model. */
export function lower(recording: Recording, options: LoweringOptions): Lowered {
  const uses = countUses(recording);
  const graph = new OnnxGraph('', undefined, options.portable);
  const inputs: Port[] = [];
  const find = (from: number, to: number): Update[] =>
    options.chunk > 0 ? findUpdates(recording, uses, (size) => size >= from && size < to) : [];
  const groups = groupUpdates(find(0, smallUpdate));
  const updates = new Updates(find(largeUpdate, Infinity), groups, stateLayout, options.chunk);
  const spatial = spatialNodes(recording, uses, options);
  const found = findChains(recording, uses, spatial);
  const chains = chainsByNode(found);
  const hidden = new Set(found.flatMap(({ nodes }) => nodes).filter((node) => !chains.has(node)));
  const shapes = options.portable === true ? undefined : new RuntimeShapes(graph);
  const context: Context = new Context(graph, options, uses, spatial, shapes, (node) => {
    emit(context, node, inputs, updates, chains);
  });
  const results = new Set([...recording.state.values(), ...recording.outputs.values()]);
  for (const node of recording.nodes) {
    if (!uses.has(node) || context.isEmitted(node) || hidden.has(node)) continue;
    const update = updates.of(node);
    if (update !== undefined && !update.results.includes(node)) continue;
    // These may become part of their only user.
    if (canWait(node) && !results.has(node)) continue;
    emit(context, node, inputs, updates, chains);
  }
  const users = usersOf(recording, uses);
  const olds = new Map(
    recording.nodes.flatMap((node) =>
      node.op.kind === 'input' && node.op.role === 'state' ? [[node.op.name, node] as const] : [],
    ),
  );
  const outputs = [
    ...[...recording.state].map(([name, node]) => {
      const [old, update] = [olds.get(name), updates.of(node)];
      const port = finish(context, 'state', name, node, updates);
      const alone = [...recording.outputs.values(), ...recording.state.values()].every(
        (result) => result !== old,
      );
      const inPlace =
        alone && old !== undefined && update !== undefined && mayReplace(update, old, node, users);
      return { ...port, inPlace };
    }),
    ...[...recording.outputs].map(([name, node]) => finish(context, 'output', name, node, updates)),
  ];
  shapes?.emit(inputs.find(isBatch)?.value);
  return { model: graph.encode(), nodes: graph.size, inputs, outputs };
}

/** Whether the first side of what is fed in may be declared to vary. */
function isBatch({ role, physical }: Pick<Port, 'role' | 'physical'>): boolean {
  return role === 'input' && physical.length > 0;
}

function canWait(node: Node): boolean {
  const { op } = node;
  if (op.kind === 'binary') return (op.f === 'Mul' || op.f === 'Sub') && node.shape.length === 4;
  if (op.kind === 'unary') return op.f === 'Square';
  return ['conv', 'convInput', 'broadcast', 'reshape', 'splat', 'constant'].includes(op.kind);
}

function finish(
  c: Context,
  role: 'state' | 'output',
  name: string,
  node: Node,
  updates: Updates,
): Port {
  const layout = role === 'state' ? stateLayout : 'logical';
  const physical = physicalShape(node.shape, layout);
  const value = role === 'state' ? `next:${name}` : `out:${name}`;
  const chunks = role === 'state' ? updates.inChunks(node) : undefined;
  if (chunks !== undefined) {
    c.graph.output(chunks, value, updates.shapeOf(node), 'float32');
    return { role, name, value, shape: node.shape, physical: updates.shapeOf(node) };
  }
  const made = c.get(node, layout);
  const numbers = node.dtype === 'float32' ? made : c.graph.op('Cast', [made], { to: int(1) });
  c.graph.output(numbers, value, physical, 'float32');
  return { role, name, value, shape: node.shape, physical };
}

function chainsByNode(chains: readonly Chain[]): Map<Node, Chain> {
  return new Map(
    chains.flatMap((chain) =>
      [...chain.results, ...chain.sums].map((node) => [node, chain] as const),
    ),
  );
}

function emit(
  c: Context,
  node: Node,
  inputs: Port[],
  updates: Updates,
  chains: ReadonlyMap<Node, Chain>,
): Value {
  const update = updates.of(node);
  if (update !== undefined) {
    updates.emit(c, update);
    return c.get(node, stateLayout);
  }
  const chain = chains.get(node);
  if (chain !== undefined) {
    emitChain(c, chain);
    return c.get(node, c.elementwiseLayout(node));
  }
  const fused = lowerFusedSum(c, node);
  if (fused !== undefined) return fused;
  const { op } = node;
  switch (op.kind) {
    case 'input':
      return enter(c, node, op, inputs, updates);
    case 'constant':
      return c.put(node, 'logical', c.graph.tensor(op.values, node.shape, node.dtype));
    case 'splat':
      return c.put(node, 'logical', splat(c, node, op.value));
    case 'unary':
      return elementwise.lowerUnary(c, node, op);
    case 'binary':
      return elementwise.lowerBinary(c, node, op);
    case 'compare':
      return elementwise.lowerCompare(c, node, op);
    case 'select':
      return elementwise.lowerSelect(c, node);
    case 'clip':
      return elementwise.lowerClip(c, node, op);
    case 'leaky':
      return elementwise.lowerLeaky(c, node, op);
    case 'cast':
      return elementwise.lowerCast(c, node);
    case 'reshape':
      return forms.lowerReshape(c, node);
    case 'broadcast':
      return forms.lowerBroadcast(c, node);
    case 'transpose':
      return forms.lowerTranspose(c, node, op);
    case 'concat':
      return forms.lowerConcat(c, node, op);
    case 'slice':
      return forms.lowerSlice(c, node, op);
    case 'pad':
      return forms.lowerPad(c, node, op);
    case 'tile':
      return forms.lowerTile(c, node, op);
    case 'gather':
      return forms.lowerGather(c, node, op);
    case 'reduce':
      return reductions.lowerReduce(c, node, op);
    case 'arg':
      return reductions.lowerArg(c, node, op);
    case 'cumsum':
      return reductions.lowerCumsum(c, node, op);
    case 'matmul':
      return reductions.lowerMatmul(c, node, op);
    case 'conv':
      return c.put(node, ...convolve(c, node, op.window));
    case 'convInput':
      return c.put(node, ...inputGradient(c, node, op.window));
    case 'convFilter':
      return c.put(node, ...filterGradient(c, node, op.window));
    case 'depthwise':
      return c.put(node, ...convolveDepthwise(c, node, op.window));
    case 'pool':
      return c.put(node, ...pool(c, node, op.f, op.window));
  }
}

function enter(
  c: Context,
  node: Node,
  op: Extract<Operation, { kind: 'input' }>,
  inputs: Port[],
  updates: Updates,
): Value {
  const { role, name } = op;
  const layout = role === 'state' ? stateLayout : 'logical';
  const physical = physicalShape(node.shape, layout);
  const value = `${role}:${name}`;
  if (role === 'state' && updates.wants(node)) {
    const chunks = updates.shapeOf(node);
    inputs.push({ role, name, value, shape: node.shape, physical: chunks });
    return updates.put(c, node, c.graph.input(value, chunks));
  }
  inputs.push({ role, name, value, shape: node.shape, physical });
  const hidden = isBatch({ role, physical }) && c.options.portable !== true;
  const shape = hidden ? [`${value}:length`, ...physical.slice(1)] : physical;
  return c.put(node, layout, c.graph.input(value, shape));
}

function splat(c: Context, node: Node, value: number): Value {
  const scalar = c.graph.scalar(value, node.dtype);
  if (node.shape.length === 0) return scalar;
  return c.expand(scalar, node.shape);
}
