import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import type { EngineDescription, EngineProvider } from '../types.js';
import { EagerSession } from './session.js';
import { registerWasmGradients } from './wasm-kernels.js';

let ready: Promise<EngineDescription> | undefined;

async function start(): Promise<EngineDescription> {
  const home = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(home), 'dist/'));
  const listeners = process.listeners('uncaughtException');
  const rejections = process.listeners('unhandledRejection');
  registerWasmGradients();
  await tf.setBackend('wasm');
  await tf.ready();
  // Emscripten adds handlers that print a bare stack trace and abort; ours speak to people.
  for (const added of process.listeners('uncaughtException')) {
    if (!listeners.includes(added)) process.off('uncaughtException', added);
  }
  for (const added of process.listeners('unhandledRejection')) {
    if (!rejections.includes(added)) process.off('unhandledRejection', added);
  }
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const device = `1 thread, ${simd === true ? 'SIMD' : 'no SIMD'}`;
  return { name: 'wasm', version: version_wasm, device };
}

/** tf.js's WebAssembly backend: embedded, works everywhere. */
export const wasmEngine: EngineProvider = {
  name: 'wasm',
  summary: 'tf.js WebAssembly, embedded',
  priority: 20,
  async probe() {
    ready ??= start();
    return { present: true, description: await ready };
  },
  async open() {
    ready ??= start();
    return new EagerSession(await ready, 'wasm');
  },
};
