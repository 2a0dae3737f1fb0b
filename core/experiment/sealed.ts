import { canonicalJson, type JsonObject, type JsonValue } from '../run/json.js';
import type { ChangedValue, RunChange } from '../run/changes.js';
import { isPath } from './places.js';
import type { SavedConfig } from './saved.js';

/** Values that change no number: where the data lie (their hash counts), and how fast it goes. */
export const unsealed: ReadonlySet<string> = new Set(['data', 'dataset', 'threads', 'hookTimeout']);

/**
 * What a run's numbers depend on, by path.
 * @param data hash of its data set
 */
export function sealedValues(
  saved: Pick<SavedConfig, 'plugins' | 'places' | 'values'>,
  data: string,
): JsonObject {
  const { plugins, values } = saved;
  return {
    'data set': data,
    plugins: plugins.map(({ name }) => name).sort(),
    ...Object.fromEntries(
      values.flatMap((entry) =>
        unsealed.has(entry.path) ? [] : [[entry.path, sealed(entry, saved)]],
      ),
    ),
  };
}

const aPath = 'a file or folder';
const aFile = 'a file of SHA-256 ';

/** Where a file lies changes no number; what it holds does. */
function sealed(
  entry: SavedConfig['values'][number],
  { places }: Pick<SavedConfig, 'places'>,
): JsonValue {
  if (!isPath(entry) || typeof entry.value !== 'string') return entry.value;
  const sha256 = places[entry.path]?.sha256;
  return sha256 === undefined ? aPath : `${aFile}${sha256}`;
}

/** Whether a sealed value stands for a file or folder. */
export const isSealedPath = (value: JsonValue | undefined): boolean =>
  typeof value === 'string' && (value === aPath || value.startsWith(aFile));

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
