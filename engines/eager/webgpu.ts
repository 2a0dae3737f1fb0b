import * as tf from '@tensorflow/tfjs-core';
import { engineAbsent, engineFailed } from '../errors/engine.js';
import { messageOf } from '../../core/errors/error.js';
import type {
  EngineAvailability,
  EngineDescription,
  EngineProvider,
} from '../../core/engine/types.js';
import { loadOptional } from './optional.js';
import { EagerSession } from './session.js';

/** The little of the WebGPU API that is needed here; the packages are optional, so are their types. */
interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { error: Error }) => void): void;
  readonly queue: { onSubmittedWorkDone(): Promise<void> };
  destroy(): void;
}

interface Started {
  readonly description: EngineDescription;
  readonly device: GpuDevice;
  /** Set by the device at any time: WebGPU errors are not thrown where they happen. */
  error: string | undefined;
}

let started: Promise<Started | string> | undefined;

function isGpuDevice(value: unknown): value is GpuDevice {
  return typeof value === 'object' && value !== null && 'queue' in value && 'destroy' in value;
}

async function start(): Promise<Started | string> {
  const dawn = await loadOptional('webgpu');
  if ('reason' in dawn) return `webgpu: ${dawn.reason}`;
  const create: unknown = Reflect.get(dawn.module, 'create');
  if (typeof create !== 'function') return 'webgpu: this version exports no create()';
  Object.assign(globalThis, Reflect.get(dawn.module, 'globals'));
  // tf.js looks for the GPU when its backend is imported, so it must be there before.
  const gpu: unknown = Reflect.apply(create, undefined, [[]]);
  const found: unknown = Reflect.get(globalThis, 'navigator');
  const navigator = typeof found === 'object' && found !== null ? found : {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const backend = await loadOptional('@tensorflow/tfjs-backend-webgpu');
  if ('reason' in backend) return `@tensorflow/tfjs-backend-webgpu: ${backend.reason}`;
  // Else small tensors are computed on the CPU without a word.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  let state: Started | string;
  try {
    state = (await tf.setBackend('webgpu')) ? describe() : 'no usable WebGPU adapter';
  } catch (error) {
    state = `no usable WebGPU adapter: ${messageOf(error)}`;
  }
  // Looking for it must leave tf.js usable: importing the backend made it the preferred one.
  if (typeof state === 'string') tf.removeBackend('webgpu');
  await tf.setBackend('cpu');
  return state;
}

function describe(): Started | string {
  const device: unknown = Reflect.get(tf.backend(), 'device');
  if (!isGpuDevice(device)) return 'tf.js started WebGPU without a device';
  const info: unknown = Reflect.get(tf.backend(), 'adapterInfo');
  const field = (name: string): string =>
    typeof info === 'object' && info !== null ? String(Reflect.get(info, name) ?? '') : '';
  const name = [field('vendor'), field('architecture'), field('description')]
    .filter(Boolean)
    .join(' ');
  const state: Started = {
    description: { name: 'webgpu', version: tf.version_core, device: name || 'WebGPU adapter' },
    device,
    error: undefined,
  };
  device.addEventListener('uncapturederror', ({ error }) => {
    state.error ??= error.message;
  });
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') state.error ??= `device lost: ${message}`;
  });
  return state;
}

async function running(): Promise<Started | string> {
  started ??= start();
  return started;
}

/** tf.js on WebGPU through Dawn; optional peers `webgpu` and `@tensorflow/tfjs-backend-webgpu`. */
export const webgpuEngine: EngineProvider = {
  name: 'webgpu',
  summary: 'tf.js on WebGPU (optional peers webgpu, @tensorflow/tfjs-backend-webgpu)',
  priority: 10,
  async probe(): Promise<EngineAvailability> {
    const state = await running();
    if (typeof state === 'string') return { present: false, reason: state };
    return { present: true, description: state.description };
  },
  async open() {
    const state = await running();
    if (typeof state === 'string') throw engineAbsent('webgpu', state);
    const afterRun = (): Promise<void> =>
      state.error === undefined
        ? Promise.resolve()
        : Promise.reject(engineFailed('webgpu', state.error));
    const shutDown = async (): Promise<void> => {
      await state.device.queue.onSubmittedWorkDone();
      state.device.destroy();
      started = undefined;
      tf.removeBackend('webgpu');
      await tf.setBackend('cpu');
    };
    return new EagerSession(state.description, 'webgpu', { afterRun, shutDown });
  },
};
