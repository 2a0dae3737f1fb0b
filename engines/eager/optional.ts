import { messageOf } from '../../core/errors/error.js';

/** An optional peer: loaded where the user has installed it, else the reason why not. */
export type Loaded = { readonly module: object } | { readonly reason: string };

/** Imports a package that may be absent. Never throws. */
export async function loadOptional(name: string): Promise<Loaded> {
  try {
    return { module: (await import(name)) as object };
  } catch (error) {
    const missing =
      error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (missing && messageOf(error).includes(name)) {
      return { reason: `not installed (npm install ${name})` };
    }
    return { reason: `installed, but it does not load: ${messageOf(error).split('\n')[0] ?? ''}` };
  }
}
