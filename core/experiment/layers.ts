import type { JsonValue as Json } from '../run/json.js';
import { isCoreOption, liesIn } from './core-options.js';
import { flatten, isObject, withValue, type JsonObject } from './paths.js';

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

  /** Everything that was set, in order. */
  get history(): readonly SetValue[] {
    return this.log;
  }

  /** Sets options of a plugin (or, with an empty name, of the core). */
  setOptions(plugin: string, options: JsonObject, origin: string): void {
    for (const [path, value] of flatten(options, plugin)) this.set(path, value, origin);
  }

  /** Sets one value; the path may lead into a schedule or an object that is there already. */
  set(path: string, value: Json, origin: string): void {
    this.log.push({ path, value, origin });
    const outer = this.enclosing(path);
    if (outer !== undefined) {
      const old = this.values.get(outer)?.value ?? {};
      const inner = path.slice(outer.length + 1).split('.');
      this.values.set(outer, { value: withValue(old, inner, value), origin });
      return;
    }
    for (const known of [...this.values.keys()]) {
      if (liesIn(known, path)) this.values.delete(known);
    }
    const whole = !isObject(value) || isCoreOption(path);
    const parts = whole ? [[path, value] as const] : flatten({ [path]: value });
    for (const [part, item] of parts) this.values.set(part, { value: item, origin });
  }

  get(path: string): Sourced | undefined {
    return this.values.get(path);
  }

  entries(): IterableIterator<[string, Sourced]> {
    return this.values.entries();
  }

  delete(path: string): void {
    this.values.delete(path);
  }

  /** The path of an object value that a path leads into. */
  private enclosing(path: string): string | undefined {
    return [...this.values].find(
      ([known, { value }]) => liesIn(path, known) && isObject(value),
    )?.[0];
  }
}
