import { badValue } from '../errors/config.js';
import type { JsonValue as Json } from '../run/json.js';
import { isCoreOption, liesIn } from './core-options.js';
import { flatten, isObject, listLeft, withValue, type JsonObject } from './paths.js';

/** A value and where it came from. */
export interface Sourced {
  readonly value: Json;
  /** `preset conditional_v5`, `profile quick`, `command line`, `default`, … */
  readonly origin: string;
}

/** One act of setting a value. */
export interface SetValue extends Sourced {
  readonly path: string;
}

/** Values by path, later ones on top of earlier ones, each with its origin. */
export class LayeredValues {
  private readonly values = new Map<string, Sourced>();
  private readonly log: SetValue[] = [];

  /** @param defaults of options that have parts (objects, lists), by path, outer ones first */
  constructor(private readonly defaults: ReadonlyMap<string, Json> = new Map()) {}

  /** Everything that was set, in order. */
  get history(): readonly SetValue[] {
    return this.log;
  }

  /** Sets options of a plugin (or, with an empty name, of the core). An object is meant as it is given. */
  setOptions(plugin: string, options: JsonObject, origin: string): void {
    for (const [path, value] of flatten(options, plugin)) this.put(path, value, origin);
  }

  /**
   * Sets one value; the path may lead into a schedule, an object or a list that is there already, or
   * is there by default.
   * @throws NcnError where it leads out of a list
   */
  set(path: string, value: Json, origin: string): void {
    for (const [outer, parts] of this.defaults) {
      if (liesIn(path, outer) && !this.has(outer)) this.store(outer, parts, 'default');
    }
    this.put(path, value, origin);
  }

  /** As {@link set}, where what is not put is not there: defaults have no part in it. */
  put(path: string, value: Json, origin: string): void {
    this.log.push({ path, value, origin });
    const outer = this.enclosing(path);
    if (outer === undefined) {
      this.store(path, value, origin);
      return;
    }
    const old = this.values.get(outer)?.value ?? {};
    const inner = path.slice(outer.length + 1).split('.');
    const list = listLeft(old, inner);
    if (list !== undefined) {
      const places = list.length === 0 ? 'is empty' : `has the places 0 to ${list.length - 1}`;
      throw badValue(path, origin, value, `there is no such place: the list ${places}`);
    }
    this.store(outer, withValue(old, inner, value), origin);
  }

  get(path: string): Sourced | undefined {
    return this.values.get(path);
  }

  entries(): IterableIterator<[string, Sourced]> {
    return this.values.entries();
  }

  /** Puts a value in the place of all that is in it. */
  private store(path: string, value: Json, origin: string): void {
    for (const known of [...this.values.keys()]) {
      if (liesIn(known, path)) this.values.delete(known);
    }
    const whole = !isObject(value) || isCoreOption(path);
    const parts = whole ? [[path, value] as const] : flatten({ [path]: value });
    for (const [part, item] of parts) this.values.set(part, { value: item, origin });
  }

  /** Whether something is known of a value: itself, parts of it, or what it is part of. */
  private has(path: string): boolean {
    return (
      this.enclosing(path) !== undefined ||
      [...this.values.keys()].some((known) => known === path || liesIn(known, path))
    );
  }

  /** The path of an object or a list that a path leads into. */
  private enclosing(path: string): string | undefined {
    return [...this.values].find(
      ([known, { value }]) => liesIn(path, known) && typeof value === 'object' && value !== null,
    )?.[0];
  }
}
