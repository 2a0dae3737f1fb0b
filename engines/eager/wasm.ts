import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineDescription, EngineProvider } from '../../core/engine/types.js';
import { EagerSession } from './session.js';
import { registerWasmGradients } from './wasm-kernels.js';
import { WasmModule } from './wasm-module.js';

const module = new WasmModule();
let ready: Promise<EngineDescription> | undefined;

async function start(): Promise<EngineDescription> {
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  const home = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(home), 'dist/'));
  registerWasmGradients();
  await module.start();
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
    const description = await ready;
    await module.start();
    module.opened();
    return new EagerSession(description, 'wasm', {
      // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
      afterRun: async () => module.check(),
      explain: (error) => module.explain(error),
      shutDown: () => module.closed(),
    });
  },
};
