import { engineAbsent, engineUnknown } from './errors/engine.js';
import { compiledCudaEngine, compiledWebgpuEngine } from './compiled/device/index.js';
import { compiledEngine } from './compiled/index.js';
import { cpuEngine } from './eager/cpu.js';
import { nodeEngine, nodeGpuEngine } from './eager/native.js';
import { wasmEngine } from './eager/wasm.js';
import { webgpuEngine } from './eager/webgpu.js';
import type {
  EngineAvailability,
  EngineOptions,
  EngineProvider,
  EngineSession,
} from '../core/engine/types.js';

/** All engines, best first. */
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

/** @throws NcnError for an unknown name, with the nearest */
export function findEngine(name: string): EngineProvider {
  const found = engines.find((engine) => engine.name === name);
  if (found !== undefined) return found;
  throw engineUnknown(name, ['auto', ...engines.map((engine) => engine.name)]);
}

/**
 * Opens an engine by name, or with `auto` the present one of the highest priority.
 * @throws NcnError when it is unknown or absent
 */
export async function openEngine(
  name: string,
  options: EngineOptions = {},
): Promise<EngineSession> {
  if (name !== 'auto') {
    const provider = findEngine(name);
    const state = await provider.probe();
    if (!state.present) throw engineAbsent(name, state.reason);
    return provider.open(options);
  }
  const reasons: string[] = [];
  for (const provider of engines) {
    const state: EngineAvailability = await provider.probe();
    if (state.present && provider.priority >= 0) return provider.open(options);
    if (!state.present) reasons.push(`${provider.name}: ${state.reason}`);
  }
  throw engineAbsent('auto', reasons.join('; '));
}
