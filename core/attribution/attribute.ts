import { contributionThrew } from '../errors/contribution.js';
import { withContributor } from './contributor.js';

type AnyFunction = (...values: unknown[]) => unknown;

/**
 * The same contribution, whose functions run in the name of the plugin that made it: what they
 * throw, then or later, names plugin and contribution.
 * @param plugin whose tap contributed it; undefined leaves the contribution as it is
 * @param what for people: `network 'generator'`
 */
export function attribute<T extends object>(
  plugin: string | undefined,
  what: string,
  contribution: T,
): T {
  if (plugin === undefined) return contribution;
  const copy: Record<PropertyKey, unknown> = {};
  for (const key of keysOf(contribution)) {
    const value: unknown = Reflect.get(contribution, key);
    copy[key] =
      typeof value === 'function'
        ? attributeFunction(plugin, what, (...given: unknown[]): unknown =>
            Reflect.apply(value as AnyFunction, contribution, given),
          )
        : value;
  }
  return copy as T;
}

/** The same for a single function. A promise that it returns is followed to its end. */
export function attributeFunction<Given extends unknown[], Result>(
  plugin: string | undefined,
  what: string,
  fn: (...given: Given) => Result,
): (...given: Given) => Result {
  if (plugin === undefined) return fn;
  const named = (error: unknown): never => {
    throw contributionThrew(plugin, what, error);
  };
  return (...given) => {
    try {
      const result = withContributor(plugin, () => fn(...given));
      return result instanceof Promise ? (result.catch(named) as Result) : result;
    } catch (error) {
      return named(error);
    }
  };
}

/** Own and inherited, so that an instance of a class can be contributed too. */
function keysOf(object: object): Set<PropertyKey> {
  const keys = new Set<PropertyKey>();
  for (
    let o: object | null = object;
    o !== null && o !== Object.prototype;
    o = Reflect.getPrototypeOf(o)
  ) {
    for (const key of Reflect.ownKeys(o)) if (key !== 'constructor') keys.add(key);
  }
  return keys;
}
