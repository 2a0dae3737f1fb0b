import * as modules from 'node:module';
import { join } from 'node:path';
import envPaths from 'env-paths';

/**
 * Lets Node keep the compiled code of ncn's modules in the user's cache, where it can (22.1 and later), so that the next
 * start need not compile them again. Where that folder cannot be written nothing is kept;
 * `NODE_COMPILE_CACHE` names another one, `NODE_DISABLE_COMPILE_CACHE=1` forbids it.
 */
export function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(modules, 'enableCompileCache');
  if (typeof enable !== 'function' || process.env['NODE_COMPILE_CACHE'] !== undefined) return;
  Reflect.apply(enable, modules, [join(envPaths('ncn', { suffix: '' }).cache, 'code')]);
}
