import { chooseEngine } from '../core/engine/choose.js';
import type { EngineOptions, EngineProvider, EngineSession } from '../core/engine/types.js';
import { compiledCudaEngine, compiledWebgpuEngine } from './compiled/device/index.js';
import { compiledEngine } from './compiled/index.js';
import { cpuEngine } from './eager/cpu.js';
import { nodeEngine, nodeGpuEngine } from './eager/native.js';
import { wasmEngine } from './eager/wasm.js';
import { webgpuEngine } from './eager/webgpu.js';

/** All engines, best first. The core finds them here, by the name of this file. */
export const engines: readonly EngineProvider[] = [
  nodeGpuEngine,
  nodeEngine,
  compiledEngine,
  compiledWebgpuEngine,
  compiledCudaEngine,
  wasmEngine,
  webgpuEngine,
  cpuEngine,
].sort((a, b) => b.priority - a.priority);

/**
 * Opens an engine by name, or with `auto` the present one of the highest priority.
 * @throws NcnError when it is unknown or absent
 */
export async function openEngine(
  name: string,
  options: EngineOptions = {},
): Promise<EngineSession> {
  return (await chooseEngine(name, engines)).open(options);
}
