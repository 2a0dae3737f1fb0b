import { unknownPath } from '../errors/config.js';
import type { JsonValue as Json } from '../run/json.js';
import { coreOptions, liesIn } from './core-options.js';
import type { SetValue } from './layers.js';
import { describeTypes } from './types-of.js';
import { jsonSchema } from './units.js';
import { flatten, isObject, type JsonObject } from './paths.js';
import type { ResolvedExperiment, ResolvedValue } from './resolve.js';

/** Where a value comes from. */
export interface Explanation extends Omit<ResolvedValue, 'value'> {
  /** Undefined where nobody has set an option that may be left out. */
  readonly value: Json | undefined;
  /** What it would be if nobody had set it; undefined where that is nothing. */
  readonly default: Json | undefined;
  /** Whether somebody must set it. */
  readonly required: boolean;
  /** Everything that set it, in order; the last one won. */
  readonly layers: readonly SetValue[];
  /** The plugin whose option it is; undefined for a value of the core. */
  readonly owner: string | undefined;
}

/**
 * Explains a value, or all values below a path.
 * @throws NcnError for an unknown path, with the nearest
 */
export function explainValues(experiment: ResolvedExperiment, path: string): Explanation[] {
  const { history, plugins } = experiment;
  const values = [...experiment.values, ...unsetValues(experiment)];
  const paths = values.map((value) => value.path);
  const at = paths.includes(path) ? path : enclosing(paths, path);
  const wanted = values.filter((value) => value.path === at || liesIn(value.path, path));
  if (wanted.length === 0) throw unknownPath(path, 'command line', paths);
  const defaults = defaultsOf(experiment);
  return wanted.map((value) => ({
    ...value,
    default: defaults.get(value.path),
    required: isRequired(experiment, value.path),
    layers: history.filter(
      (set) =>
        set.path === value.path || liesIn(set.path, value.path) || liesIn(value.path, set.path),
    ),
    owner: plugins
      .map(({ loaded }) => loaded.plugin.name)
      .find((name) => value.path.startsWith(`${name}.`)),
  }));
}

/** Options that nobody has set, and that have no default: the plugin does without. */
export function unsetValues({
  plugins,
  values,
}: ResolvedExperiment): (Omit<ResolvedValue, 'value'> & { readonly value: undefined })[] {
  return plugins.flatMap(({ loaded: { plugin } }) =>
    [...describeTypes(jsonSchema(plugin.options), plugin.name)].flatMap(([path, about]) => {
      const isThere = values.some((value) => value.path === path || liesIn(value.path, path));
      const { type, description } = about;
      return isThere ? [] : [{ path, value: undefined, origin: 'not set', type, description }];
    }),
  );
}

function isRequired({ plugins }: ResolvedExperiment, path: string): boolean {
  return plugins.some(({ loaded: { plugin } }) =>
    (plugin.options.safeParse({}).error?.issues ?? []).some(
      (issue) => [plugin.name, ...issue.path].join('.') === path,
    ),
  );
}

/** `loss.content.weight.from` lies in the value `loss.content.weight`. */
const enclosing = (paths: readonly string[], path: string): string | undefined =>
  paths.find((known) => liesIn(path, known));

/** The defaults of all values, by path. What has none is left out. */
export function defaultsOf({ plugins }: ResolvedExperiment): Map<string, Json> {
  const defaults = new Map<string, Json>();
  for (const [key, schema] of Object.entries(coreOptions.shape)) {
    const result = schema.safeParse(undefined);
    if (result.success) defaults.set(key, result.data ?? null);
  }
  for (const { loaded, options } of plugins) {
    const { name, options: schema } = loaded.plugin;
    // An option that must be given hides no other: it is given, and left out of the result.
    const empty = schema.safeParse({});
    const missing = empty.success ? [] : empty.error.issues.map(({ path }) => String(path[0]));
    const given = Object.fromEntries(missing.map((key) => [key, options[key] ?? null]));
    const result = empty.success ? empty : schema.safeParse(given);
    if (!result.success) continue;
    const data = JSON.parse(JSON.stringify(result.data)) as JsonObject;
    const kept = Object.entries(isObject(data) ? data : {}).filter(([k]) => !missing.includes(k));
    for (const [path, value] of flatten(Object.fromEntries(kept), name)) defaults.set(path, value);
  }
  return defaults;
}
