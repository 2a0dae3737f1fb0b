import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorInfoMap } from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../errors/compiled.js';
import type { Builder } from '../ir/builder.js';
import type { Node } from '../ir/types.js';
import { TraceBackend, traceBackendName } from './backend.js';
import { withWholes } from './wholes.js';

/** What a kernel's recorder is given: nodes by the names that tf.js gives them. */
export class KernelInputs {
  constructor(
    private readonly kernel: string,
    private readonly byName: ReadonlyMap<string, Node>,
  ) {}

  /** @throws NcnError where tf.js did not pass it */
  get(name: string): Node {
    const node = this.byName.get(name);
    if (node !== undefined) return node;
    throw unsupportedKernel(this.kernel, currentContributor(), `its input '${name}' is missing`);
  }

  optional(name: string): Node | undefined {
    return this.byName.get(name);
  }

  /** In tf.js's order. */
  all(): Node[] {
    return [...this.byName.values()];
  }
}

/** Records one call of a kernel: nodes in, node or nodes out. */
export type Recorder<Attributes> = (
  builder: Builder,
  inputs: KernelInputs,
  attributes: Attributes,
) => Node | Node[];

const recorders = new Map<string, Recorder<never>>();
const backend = new TraceBackend();
let registered = false;

/**
 * Says how a tf.js kernel is recorded.
 * @param kernel its name in tf.js
 */
export function kernel<Attributes = Record<string, never>>(
  kernel: string,
  record: Recorder<Attributes>,
): void {
  recorders.set(kernel, record);
}

/** Names of the tf.js kernels that can be compiled, sorted. */
export function supportedKernels(): string[] {
  return [...recorders.keys()].sort();
}

/** Names of the kernels that this version of tf.js knows. */
export function knownKernels(): string[] {
  return Object.entries(tf)
    .flatMap(([key, value]) => (typeof value === 'string' && key === value ? [value] : []))
    .sort();
}

/** The recording backend, registered with tf.js on first use. */
export function traceBackend(): TraceBackend {
  if (registered) return backend;
  registered = true;
  tf.registerBackend(traceBackendName, () => backend, -1);
  for (const [name, record] of recorders) registerOne(name, record);
  for (const name of knownKernels()) if (!recorders.has(name)) refuse(name);
  return backend;
}

function registerOne(kernelName: string, record: Recorder<never>): void {
  tf.registerKernel({
    kernelName,
    backendName: traceBackendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { builder } = backend;
      const result = withWholes(kernelName, builder, nodesOf(inputs), (nodes) =>
        // tf.js types attributes as a bag of anything; each recorder states what its kernel gets.
        record(builder, new KernelInputs(kernelName, nodes), (attrs ?? {}) as never),
      );
      return Array.isArray(result)
        ? result.map((node) => backend.tensor(node))
        : backend.tensor(result);
    },
  });
}

function refuse(kernelName: string): void {
  tf.registerKernel({
    kernelName,
    backendName: traceBackendName,
    kernelFunc: () => {
      throw unsupportedKernel(kernelName, currentContributor());
    },
  });
}

function nodesOf(inputs: NamedTensorInfoMap): Map<string, Node> {
  const nodes = new Map<string, Node>();
  for (const [name, info] of Object.entries(inputs)) {
    // Optional inputs are passed as null or undefined.
    if ((info as unknown) != null && info !== undefined) nodes.set(name, backend.node(info));
  }
  return nodes;
}
