import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { engineAbsent } from '../errors/engine.js';
import type { EngineAvailability, EngineProvider } from '../../core/engine/types.js';
import { loadOptional } from './optional.js';
import { EagerSession } from './session.js';

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 removed (tensorflow/tfjs #8609);
 * it must exist before the package is imported.
 */
export function restoreIsNullOrUndefined(target: object = util): void {
  if ('isNullOrUndefined' in target) return;
  Object.defineProperty(target, 'isNullOrUndefined', {
    value: (x: unknown) => x === null || x === undefined,
    configurable: true,
  });
}

async function probe(name: string, module: string): Promise<EngineAvailability> {
  restoreIsNullOrUndefined();
  // TensorFlow tells about the CPU's instructions on standard error; warnings it still gives.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  const loaded = await loadOptional(module);
  if ('reason' in loaded) return { present: false, reason: loaded.reason };
  if (!('tensorflow' in tf.engine().registryFactory)) {
    return {
      present: false,
      reason: `${module} loaded, but shares no tf.js core with ncn (run npm dedupe)`,
    };
  }
  const { library, gpu } = about(tf.findBackend('tensorflow'));
  // It computes on the CPU then, slower than others do: never what was meant by its name.
  if (name.endsWith('gpu') && !gpu) {
    return { present: false, reason: `${module} is installed, but ${library} finds no GPU (CUDA)` };
  }
  const device = `${library}, ${gpu ? 'GPU' : 'CPU'}`;
  return { present: true, description: { name, version: tf.version_core, device } };
}

/** The library's version, and whether it found a GPU: tfjs-node-gpu loads without one, too. */
function about(backend: unknown): { library: string; gpu: boolean } {
  const of = (object: unknown, key: string): unknown =>
    typeof object === 'object' && object !== null ? Reflect.get(object, key) : undefined;
  const version = of(of(backend, 'binding'), 'TF_Version');
  return {
    library: typeof version === 'string' ? `TensorFlow ${version}` : 'TensorFlow',
    gpu: of(backend, 'isUsingGpuDevice') === true,
  };
}

function nativeEngine(
  name: string,
  module: string,
  priority: number,
  summary: string,
): EngineProvider {
  return {
    name,
    summary,
    priority,
    probe: () => probe(name, module),
    async open() {
      const found = await probe(name, module);
      if (!found.present) throw engineAbsent(name, found.reason);
      return new EagerSession(found.description, 'tensorflow');
    },
  };
}

/** TensorFlow's C library on the CPU, through the optional peer @tensorflow/tfjs-node. */
export const nodeEngine = nativeEngine(
  'tfjs-node',
  '@tensorflow/tfjs-node',
  40,
  'TensorFlow, CPU (optional peer @tensorflow/tfjs-node)',
);

/** TensorFlow's C library on CUDA, through the optional peer @tensorflow/tfjs-node-gpu. */
export const nodeGpuEngine = nativeEngine(
  'tfjs-node-gpu',
  '@tensorflow/tfjs-node-gpu',
  60,
  'TensorFlow, CUDA (optional peer @tensorflow/tfjs-node-gpu)',
);
