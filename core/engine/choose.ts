import { engineAbsent, engineUnknown } from '../errors/engine.js';
import type { EngineProvider } from './types.js';

/**
 * The engine of this name, or with `auto` the present one of the highest priority.
 * @param engines best first
 * @throws NcnError when it is unknown, with the nearest, or absent
 */
export async function chooseEngine(
  name: string,
  engines: readonly EngineProvider[],
): Promise<EngineProvider> {
  if (name !== 'auto') {
    const provider = engines.find((engine) => engine.name === name);
    if (provider === undefined) throw engineUnknown(name, ['auto', ...engines.map((e) => e.name)]);
    const state = await provider.probe();
    if (!state.present) throw engineAbsent(name, state.reason);
    return provider;
  }
  const reasons: string[] = [];
  for (const provider of engines) {
    const state = await provider.probe();
    if (state.present && provider.priority >= 0) return provider;
    if (!state.present) reasons.push(`${provider.name}: ${state.reason}`);
  }
  throw engineAbsent('auto', reasons.join('; '));
}
