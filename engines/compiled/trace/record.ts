import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { notPure, programMismatch } from '../../errors/compiled.js';
import { sameShape } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import type { Program, ProgramSignature } from '../../../core/engine/types.js';
import type { TraceBackend } from './backend.js';
import { traceBackendName } from './backend.js';
import './kernels/index.js';
import { traceBackend } from './register.js';

type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * Runs a program's body on the recording backend, twice, and returns what it would compute.
 * @param state shapes of the session's state
 * @param seen whether what was recorded was recorded before, twice: it is then pure, and once is enough
 * @throws NcnError for an operation that cannot be compiled, or a body that is not pure
 */
export function record(
  program: Program,
  state: Shapes,
  signature: ProgramSignature,
  seen: (recording: Recording) => boolean = () => false,
): Recording {
  const first = recordOnce(program, state, signature);
  if (seen(first)) return first;
  const second = recordOnce(program, state, signature);
  comparePurity(program, first, second);
  return first;
}

/** The same without a second look at whether the body is pure. */
export function recordOnce(
  program: Program,
  state: Shapes,
  signature: ProgramSignature,
): Recording {
  const backend = traceBackend();
  const before = tf.engine().backendName;
  tf.engine().startScope('record');
  setBackend(traceBackendName);
  try {
    backend.restart();
    const scalars = new Map(signature.scalars.map((name) => [name, [] as number[]] as const));
    const result = program.body({
      state: placeholders(backend, 'state', state),
      inputs: placeholders(backend, 'input', signature.inputs),
      scalars: placeholders(backend, 'scalar', scalars),
    });
    const nodesOf = (tensors: ReadonlyMap<string, Tensor>): Map<string, Node> =>
      new Map([...tensors].map(([name, tensor]) => [name, ownNode(backend, tensor)]));
    const changed = nodesOf(result.state);
    checkState(program, state, changed);
    return { nodes: backend.builder.graph.nodes, state: changed, outputs: nodesOf(result.outputs) };
  } finally {
    tf.engine().endScope();
    backend.restart();
    if (before) setBackend(before);
  }
}

/** tf.js backends that were ready once are set at once; the promise says nothing new. */
function setBackend(name: string): void {
  void tf.setBackend(name);
}

function placeholders(
  backend: TraceBackend,
  role: 'state' | 'input' | 'scalar',
  shapes: Shapes,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of shapes) {
    const node = backend.builder.graph.add({ kind: 'input', role, name }, [], shape, 'float32');
    tensors.set(name, tf.engine().makeTensorFromTensorInfo(backend.tensor(node)));
  }
  return tensors;
}

/** A body may return a tensor that it never used here, such as a constant made elsewhere. */
function ownNode(backend: TraceBackend, tensor: Tensor): Node {
  return backend.node(tf.clone(tensor));
}

function checkState(program: Program, state: Shapes, changed: ReadonlyMap<string, Node>): void {
  for (const [name, node] of changed) {
    const shape = state.get(name);
    if (shape === undefined) {
      throw programMismatch(program.name, `it returns the state '${name}', which does not exist`);
    }
    if (!sameShape(shape, node.shape)) {
      const [was, is] = [shape, node.shape].map((s) => `[${s.join(', ')}]`);
      throw programMismatch(
        program.name,
        `it changes '${name}' from the shape ${String(was)} to ${String(is)}`,
      );
    }
  }
}

function comparePurity(program: Program, a: Recording, b: Recording): void {
  const count = Math.max(a.nodes.length, b.nodes.length);
  for (let i = 0; i < count; i++) {
    const [p, q] = [a.nodes[i], b.nodes[i]];
    if (p?.key === q?.key) continue;
    const node = p ?? q;
    throw notPure(
      program.name,
      node === undefined ? 'an operation' : `'${node.source}'`,
      node?.contributor,
    );
  }
  for (const [p, q] of [
    [a.state, b.state],
    [a.outputs, b.outputs],
  ] as const) {
    const other = [...p].find(([name, { id }]) => q.get(name)?.id !== id);
    if (other === undefined && p.size === q.size) continue;
    const [name, node] = other ?? [[...q.keys()].find((name) => !p.has(name)) ?? '', undefined];
    throw notPure(program.name, `what it returns as '${name}'`, node?.contributor);
  }
}
