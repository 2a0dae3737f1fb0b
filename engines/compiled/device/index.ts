import { engineAbsent } from '../../errors/engine.js';
import { messageOf } from '../../../core/errors/error.js';
import type { EngineAvailability, EngineProvider } from '../../../core/engine/types.js';
import type { LoweringOptions } from '../lower/options.js';
import { Api } from '../runtime/api.js';
import { findDeviceLibrary } from '../runtime/library.js';
import { Runtime, type DeviceProvider } from '../runtime/native.js';
import { CompiledSession } from '../session.js';
import { DeviceMemory } from './memory.js';

/** How each program is lowered for a device: one operator for one kernel of it. */
const lowering: LoweringOptions = { block: 0, chunk: 0, portable: true };

/** What ONNX Runtime calls each provider's memory. */
const memoryNames: Readonly<Record<DeviceProvider, string>> = {
  WebGPU: 'WebGPU_Buf',
  CUDA: 'Cuda',
};

let shared: Runtime | string | undefined;

/** The library with more providers than the CPU's, started once. */
function start(): Runtime | string {
  const library = findDeviceLibrary();
  if ('reason' in library) return library.reason;
  try {
    return new Runtime(new Api(library.path));
  } catch (error) {
    return `ONNX Runtime (${library.path}) cannot be used: ${messageOf(error)}`;
  }
}

function open(provider: DeviceProvider): { runtime: Runtime; memory: DeviceMemory } | string {
  shared ??= start();
  if (typeof shared === 'string') return shared;
  try {
    const memory = new DeviceMemory(shared, { threads: 1, provider }, memoryNames[provider]);
    return { runtime: shared, memory };
  } catch (error) {
    return reasonOf(error);
  }
}

/** The last part of the library's message, which says what is missing. */
function reasonOf(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n');
  return line.slice(line.lastIndexOf(' was false. ') + 1).replace(/^was false\. /, '');
}

function deviceEngine(name: string, provider: DeviceProvider, summary: string): EngineProvider {
  const describe = (runtime: Runtime): EngineAvailability & { present: true } => ({
    present: true,
    description: {
      name,
      version: `ONNX Runtime ${runtime.api.version}`,
      device: `${provider}, the adapter that it prefers`,
    },
  });
  return {
    name,
    summary,
    // Its speed was not measured on a GPU yet, and a software driver counts as one.
    priority: -1,
    probe() {
      const opened = open(provider);
      if (typeof opened === 'string') return Promise.resolve({ present: false, reason: opened });
      opened.memory.close();
      return Promise.resolve(describe(opened.runtime));
    },
    open({ threads = 1 }) {
      const opened = open(provider);
      if (typeof opened === 'string') return Promise.reject(engineAbsent(name, opened));
      const { runtime, memory } = opened;
      const { description } = describe(runtime);
      const options = { ...lowering, threads, provider };
      return Promise.resolve(new CompiledSession(description, runtime, options, memory));
    },
  };
}

/** The compiled step on any GPU, through WebGPU; optional peer `onnxruntime-node`. */
export const compiledWebgpuEngine = deviceEngine(
  'compiled:webgpu',
  'WebGPU',
  'the compiled step on a GPU through WebGPU (optional peer onnxruntime-node)',
);

/** The compiled step on an NVIDIA GPU; optional peer `onnxruntime-node` with its CUDA files. */
export const compiledCudaEngine = deviceEngine(
  'compiled:cuda',
  'CUDA',
  'the compiled step on CUDA (optional peer onnxruntime-node with its CUDA files)',
);
