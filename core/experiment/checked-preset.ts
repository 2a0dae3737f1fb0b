import { NcnError } from '../errors/error.js';
import { notAPreset, presetDidNotLoad } from '../errors/loading.js';
import { importForeign } from '../modules/foreign.js';
import { definePreset, type Preset } from './preset.js';
import { describeIssue, presetSchema } from './preset-schema.js';

/** The preset that a file from outside the package holds. @throws NcnError where it holds none */
export async function readPreset(file: string): Promise<Preset> {
  let found: unknown;
  try {
    found = await importForeign(file);
  } catch (error) {
    throw error instanceof NcnError ? error : presetDidNotLoad(file, error);
  }
  if (typeof found !== 'object' || found === null) {
    throw notAPreset(
      file,
      found === undefined ? 'it has no default export' : `it is a ${typeof found}`,
    );
  }
  if (Reflect.get(found, 'ncnPlugin') === 1) {
    throw notAPreset(file, 'it is a plugin: use it with --plugin');
  }
  const bare = Object.entries(found).filter(([key]) => key !== '$schema' && key !== 'ncnPreset');
  return checkedPreset(file, Object.fromEntries(bare));
}

/** @param where names it in the error @throws NcnError where it is no preset */
export function checkedPreset(where: string, found: unknown): Preset {
  const result = presetSchema.safeParse(found);
  if (!result.success) {
    throw notAPreset(where, describeIssue(result.error, Object.keys(presetSchema.shape)));
  }
  return definePreset(result.data);
}
