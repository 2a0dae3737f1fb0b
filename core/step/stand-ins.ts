import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { multiplyAddsOf } from './kernel-work.js';
import { rules, type Given } from './stand-in-kernels.js';

const backendName = 'ncn-stand-ins';

/**
 * A tf.js backend for who only wants to know shapes. What depends on a stand-in is not computed by
 * kernels that take time: it is zeros, which come into being where something looks at them. All else
 * is computed as the cpu backend does, so that what a plugin makes once and keeps, such as the matrix
 * of a transform, is right.
 */
class StandIns {
  private readonly backend = new MathBackendCPU();
  /** What depends on a stand-in, by the tensors' data. */
  private readonly unknown = new WeakSet();
  /** Of all that would have been computed with stand-ins, so far. */
  multiplyAdds = 0;

  constructor() {
    const { backend } = this;
    tf.registerBackend(backendName, () => backend, -1);
    for (const kernel of tf.getKernelsForBackend('cpu')) {
      const rule = rules.get(kernel.kernelName);
      const kernelFunc: tf.KernelFunc = (call) => {
        const given = Object.values(call.inputs);
        if (!given.some((tensor) => this.isUnknown(tensor))) return kernel.kernelFunc(call);
        const attributes = call.attrs ?? {};
        const results =
          rule === undefined
            ? kernel.kernelFunc(call)
            : // tf.js types attributes as a bag of anything; each rule states what its kernel gets.
              this.make(rule(call.inputs, attributes as never));
        for (const { dataId } of [results].flat()) this.unknown.add(dataId);
        this.multiplyAdds += multiplyAddsOf(kernel.kernelName, call.inputs, attributes, results);
        return results;
      };
      tf.registerKernel({ ...kernel, backendName, kernelFunc });
    }
  }

  /** Zeros of which there is only the shape so far. */
  make({ shape, dtype }: Given): TensorInfo {
    const dataId = {};
    let values: tf.BackendValues | undefined;
    const size = tf.util.sizeFromShape([...shape]);
    this.backend.data.set(dataId, {
      dtype,
      refCount: 1,
      get values() {
        return (values ??= tf.util.makeZerosTypedArray(size, numeric(dtype)));
      },
    });
    this.unknown.add(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** Optional inputs are passed as null or undefined. */
  private isUnknown(tensor: TensorInfo | null | undefined): boolean {
    return tensor != null && this.unknown.has(tensor.dataId);
  }
}

const numeric = (dtype: tf.DataType): tf.NumericDataType =>
  dtype === 'string' ? 'float32' : dtype;

let shared: StandIns | undefined;

/** Runs what is only asked for the shapes that it makes from {@link standIn}s: nothing heavy is computed. */
export function onStandIns<T>(work: () => T): T {
  shared ??= new StandIns();
  const before = tf.engine().backendName;
  // Backends that were ready once are set at once; the promise says nothing new.
  void tf.setBackend(backendName);
  try {
    return work();
  } finally {
    if (before) void tf.setBackend(before);
  }
}

/**
 * The same, with the multiply-adds of the convolutions and products that it asked tf.js for itself
 * (layers give stand-ins, and say what they would have computed).
 */
export function countedOnStandIns<T>(work: () => T): { result: T; multiplyAdds: number } {
  shared ??= new StandIns();
  const before = shared.multiplyAdds;
  const result = onStandIns(work);
  return { result, multiplyAdds: shared.multiplyAdds - before };
}

/** Zeros of this shape; within {@link onStandIns} they take no memory, and none is computed with them. */
export function standIn(shape: readonly number[]): Tensor {
  const made = shared?.make({ shape, dtype: 'float32' });
  const here = tf.engine().backendName === backendName;
  return made === undefined || !here
    ? tf.zeros([...shape])
    : tf.engine().makeTensorFromTensorInfo(made);
}
