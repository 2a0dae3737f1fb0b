import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineProvider } from '../engine/types.js';
import { extension, root } from './entries.js';

/** The module that lists the engines of this package, as `engines`, best first. */
const registry = 'engines/registry';

const isEngine = (value: unknown): value is EngineProvider =>
  typeof value === 'object' && value !== null && 'probe' in value && 'open' in value;

/**
 * The engines that come with the package, best first. The core does not import them: it finds them
 * as it finds plugins and presets, by their place.
 */
export async function packageEngines(): Promise<readonly EngineProvider[]> {
  const module: unknown = await import(pathToFileURL(resolve(root, registry + extension)).href);
  const found: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, 'engines') : undefined;
  return Array.isArray(found) ? found.filter(isEngine) : [];
}
