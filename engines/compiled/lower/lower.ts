import type { Node, Recording } from '../ir/types.js';
import type { Value } from '../onnx/graph.js';
import type { GraphMessage } from '../onnx/messages.js';
import { lowerFusedSum } from './affine.js';
import { isBatch, leaveOutput, leaveState, lowerInput } from './border.js';
import { lowerChain } from './chains.js';
import { Context } from './context.js';
import { filterGradient } from './conv-filter.js';
import { convolve, convolveDepthwise, pool } from './conv-forward.js';
import { inputGradient } from './conv-input.js';
import * as elementwise from './elementwise.js';
import { stateLayout } from './layout.js';
import type { LoweringOptions } from './options.js';
import { planOf } from './plan.js';
import type { Port } from './port.js';
import * as reductions from './reductions.js';
import * as forms from './shapes.js';
import { lowerUpdate } from './updates.js';

export interface Lowered {
  /** In ONNX's binary format. */
  readonly model: Uint8Array;
  /** The same, to look at. */
  readonly graph: GraphMessage;
  readonly nodes: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Lowers a recording to an ONNX model. */
export function lower(recording: Recording, options: LoweringOptions): Lowered {
  const c = new Context(planOf(recording, options), options, lowerNode);
  for (const node of c.plan.due) {
    if (!c.isLowered(node)) lowerNode(c, node);
  }
  const outputs = [
    ...[...recording.state].map(([name, node]) => leaveState(c, name, node)),
    ...[...recording.outputs].map(([name, node]) => leaveOutput(c, name, node)),
  ];
  c.addShapes(c.inputs.find(isBatch)?.value);
  const { graph, inputs } = c;
  const message = graph.toProto('step');
  return { model: graph.encode(message), graph: message, nodes: graph.size, inputs, outputs };
}

/** Gives a node its value: with all of its update, with all of its chain, or by itself. */
function lowerNode(c: Context, node: Node): void {
  const update = c.plan.updates.of(node);
  const chain = c.plan.chains.get(node);
  if (update !== undefined) {
    lowerUpdate(c, update);
    c.get(node, stateLayout);
  } else if (chain !== undefined) {
    lowerChain(c, chain);
    c.get(node, c.elementwiseLayout(node));
  } else if (lowerFusedSum(c, node) === undefined) {
    lowerAlone(c, node);
  }
}

function lowerAlone(c: Context, node: Node): Value {
  const { op } = node;
  switch (op.kind) {
    case 'input':
      return lowerInput(c, node, op);
    case 'constant':
      return c.put(node, 'logical', c.graph.tensor(op.values, node.shape, node.dtype));
    case 'splat':
      return forms.lowerSplat(c, node, op);
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
    case 'topk':
      return reductions.lowerTopk(c, node, op);
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
