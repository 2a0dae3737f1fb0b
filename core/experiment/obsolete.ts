import type { LoadedPlugin } from '../plugins/loader.js';
import { liesIn } from './core-options.js';
import { problemOf } from './issue.js';
import { unflatten } from './paths.js';
import type { JsonValue } from '../run/json.js';

/** Saved values of options that their plugins do not have any more: its source was edited, or it is another version. */
export function obsoleteValues<V extends { readonly path: string; readonly value: JsonValue }>(
  values: readonly V[],
  plugins: readonly LoadedPlugin[],
): V[] {
  return plugins.flatMap(({ plugin: { name, options } }) => {
    const prefix = `${name}.`;
    const own = values.filter(({ path }) => path.startsWith(prefix));
    const given = unflatten(own.map(({ path, value }) => [path.slice(prefix.length), value]));
    const unknown = (options.safeParse(given).error?.issues ?? []).flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => prefix + [...problemOf(issue).path, key].join('.'))
        : [],
    );
    return own.filter(({ path }) => unknown.some((gone) => path === gone || liesIn(path, gone)));
  });
}
