import * as tf from '@tensorflow/tfjs-core';
import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../core/attribution/contributor.js';
import { currentScope } from '../../../core/attribution/scope.js';
import { tracedValueRead, unsupportedKernel } from '../../errors/compiled.js';
import { Builder } from '../ir/builder.js';
import { Graph } from '../ir/graph.js';
import { sizeOf } from '../ir/shape.js';
import type { ElementType, Node, Values } from '../ir/types.js';

export const traceBackendName = 'ncn-trace';

/**
 * A tf.js backend that computes nothing: it records what it is asked to compute. A tensor of this
 * backend stands for a node of the graph that is being recorded.
 */
export class TraceBackend extends tf.KernelBackend {
  private readonly held = new WeakMap<DataId, Node>();
  private count = 0;
  builder = new Builder(new Graph(runningOperation, currentContributor, currentScope));

  /** Starts a new, empty graph. */
  restart(): void {
    this.builder = new Builder(new Graph(runningOperation, currentContributor, currentScope));
  }

  /** The node that a tensor stands for. */
  node({ dataId, shape, dtype }: TensorInfo): Node {
    const node = this.held.get(dataId);
    if (node !== undefined && this.builder.graph.has(node)) return node;
    // A tensor of another backend, or one kept from another recording: its values are a constant.
    const values = node === undefined ? tf.engine().readSync(dataId) : this.readSync(dataId);
    const type = elementType(dtype);
    return this.builder.constant(typed(values, type), shape, type);
  }

  /** A tensor that stands for a node. */
  tensor(node: Node): TensorInfo {
    const dataId = {};
    this.held.set(dataId, node);
    this.count++;
    return { dataId, shape: [...node.shape], dtype: node.dtype };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(id: DataId, values: BackendValues, shape: number[], dtype: DataType): void {
    this.count++;
    const type = elementType(dtype);
    this.held.set(id, this.builder.constant(typed(values, type), shape, type));
  }

  override readSync(id: DataId): BackendValues {
    const node = this.held.get(id);
    if (node?.op.kind === 'constant') return node.op.values;
    if (node?.op.kind === 'splat') {
      return typed(Array<number>(sizeOf(node.shape)).fill(node.op.value), node.dtype);
    }
    throw tracedValueRead(node?.source ?? 'an operation', currentContributor());
  }

  override read(id: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(id));
  }

  override disposeData(id: DataId): boolean {
    if (this.held.delete(id)) this.count--;
    return true;
  }

  override numDataIds(): number {
    return this.count;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {
    // Nodes are shared freely; nothing is counted.
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.restart();
  }
}

function elementType(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw unsupportedKernel(runningOperation(), currentContributor(), `it makes ${dtype} values`);
}

function typed(values: BackendValues | readonly number[], dtype: ElementType): Values {
  const numbers = Array.isArray(values) || !ArrayBuffer.isView(values) ? [...values] : values;
  const list = numbers as ArrayLike<number>;
  if (dtype === 'float32') return Float32Array.from(list);
  return dtype === 'int32' ? Int32Array.from(list) : Uint8Array.from(list);
}

/** The tf.js operation in whose scope we are: `conv2d`, `randomUniform`, … */
export function runningOperation(): string {
  const scope: unknown = tf.engine().state.activeScope;
  const name: unknown =
    typeof scope === 'object' && scope !== null ? Reflect.get(scope, 'name') : undefined;
  return typeof name === 'string' ? name.replace(/__op$/, '') : 'an operation';
}
