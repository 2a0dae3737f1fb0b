import type { z } from 'zod';
import { badValue, unknownPath } from '../errors/config.js';
import { messageOf } from '../errors/error.js';
import { badDefinition } from '../errors/loading.js';
import { canonicalJson, jsonOf } from '../run/json.js';
import { isCoreOption, liesIn } from './core-options.js';
import type { LayeredValues } from './layers.js';
import { faultOf, type OptionsFault } from './options.js';
import { flatten, isObject, prototypeIn, unflatten, type JsonObject } from './paths.js';

/**
 * The options of one owner, checked and with defaults.
 * @param owner a plugin, or empty for the core
 * @throws NcnError naming path and origin, or the plugin whose schema does not do
 */
export function parseOptions(
  layers: LayeredValues,
  owner: string,
  schema: z.ZodType,
  paths: Iterable<string> = [],
): JsonObject {
  const prefix = owner === '' ? '' : `${owner}.`;
  const own = [...layers.entries()].flatMap(([path, { value }]) => {
    const isOwn = owner === '' ? isCoreOption(path) : path.startsWith(prefix);
    return isOwn ? [[path.slice(prefix.length), value] as const] : [];
  });
  const given = unflatten(own);
  const fault = prototypeFault(given) ?? faultIn(owner, schema, given);
  if (fault === undefined) return parsed(owner, schema, given);
  const path = prefix + fault.path;
  const origin = originOf(layers, path);
  if (fault.unknown) throw unknownPath(path, origin, paths);
  throw badValue(path, origin, fault.got, fault.message);
}

/** A schema would drop it without a word. */
function prototypeFault(given: JsonObject): OptionsFault | undefined {
  const path = prototypeIn(given)?.join('.');
  const message = "'__proto__' cannot be a name";
  return path === undefined ? undefined : { path, unknown: false, got: '__proto__', message };
}

function faultIn(owner: string, schema: z.ZodType, given: JsonObject): OptionsFault | undefined {
  try {
    return faultOf(schema, given);
  } catch (error) {
    throw badDefinition(owner, 'options', `cannot be read: ${messageOf(error)}`);
  }
}

/** A run keeps what a schema gives, and parses it again: for its plugin, and whenever it is resumed. */
function parsed(owner: string, schema: z.ZodType, given: JsonObject): JsonObject {
  const options = asJson(owner, schema.parse(given));
  const again = schema.safeParse(options);
  const kept = again.success ? asJson(owner, again.data) : undefined;
  if (kept !== undefined && canonicalJson(kept) === canonicalJson(options)) return options;
  const after = flatten(kept ?? {});
  const path =
    kept === undefined
      ? faultOf(schema, options)?.path
      : [...flatten(options)].find(
          ([name, value]) => JSON.stringify(after.get(name)) !== JSON.stringify(value),
        )?.[0];
  throw badDefinition(
    owner,
    'options',
    `must take what they give, and leave it as it is${path === undefined ? '' : `, which '${path}' does not`}: a run keeps them and parses them again. Leave transforms to setup`,
  );
}

function asJson(owner: string, value: unknown): JsonObject {
  let json: unknown;
  try {
    json = jsonOf(value);
  } catch (error) {
    throw badDefinition(
      owner,
      'options',
      `must be values that JSON can hold (${messageOf(error)})`,
    );
  }
  if (isObject(json)) return json;
  throw badDefinition(owner, 'options', 'must give an object');
}

function originOf(layers: LayeredValues, path: string): string {
  for (const [known, { origin }] of layers.entries()) {
    if (path === known || liesIn(path, known) || liesIn(known, path)) return origin;
  }
  return 'default';
}
