import { canonicalJson, type JsonObject } from '../run/json.js';
import type { ChangedValue, RunChange } from '../run/changes.js';
import type { SavedConfig } from './saved.js';

/** Values that change no number: where the data lie (their hash counts), and how fast it goes. */
export const unsealed: ReadonlySet<string> = new Set(['data', 'dataset', 'threads', 'hookTimeout']);

/**
 * What a run's numbers depend on, by path.
 * @param data hash of its data set
 */
export function sealedValues(
  { plugins, values }: Pick<SavedConfig, 'plugins' | 'values'>,
  data: string,
): JsonObject {
  return {
    'data set': data,
    plugins: plugins.map(({ name }) => name).sort(),
    ...Object.fromEntries(
      values.flatMap(({ path, value }) => (unsealed.has(path) ? [] : [[path, value]])),
    ),
  };
}

/** In order of their paths; what is not there counts as null. */
export function differencesBetween(before: JsonObject, after: JsonObject): ChangedValue[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [before[path] ?? null, after[path] ?? null];
    return canonicalJson(was) === canonicalJson(is) ? [] : [{ path, before: was, after: is }];
  });
}

/** The values as they were before changes, the newest of which is the last. */
export const undone = (values: JsonObject, changes: readonly RunChange[]): JsonObject =>
  changes.reduceRight<JsonObject>(
    (now, change) => ({
      ...now,
      ...Object.fromEntries(change.values.map(({ path, before }) => [path, before])),
    }),
    values,
  );
