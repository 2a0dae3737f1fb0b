import { badState, pluginThrew } from '../../errors/plugin.js';
import type { Persistence } from '../../plugins/plugin.js';
import { firstIssue } from '../../run/json.js';
import { packNumbers, unpackNumbers } from '../../run/packed.js';

/**
 * Forgets the type of a plugin's state: what comes back is checked by its schema, and so is what
 * goes out, as it will come back. What fails names the plugin.
 */
export function checkedPersistence<S>(
  plugin: string,
  { schema, save, restore }: Persistence<S>,
): Persistence<unknown> {
  const inName = <R>(of: 'save' | 'restore', work: () => R): R => {
    try {
      return work();
    } catch (error) {
      throw pluginThrew(plugin, of, error);
    }
  };
  const parse = (state: unknown): S => {
    const parsed = schema.safeParse(state);
    if (!parsed.success) throw badState(plugin, firstIssue(parsed.error));
    return parsed.data;
  };
  return {
    schema,
    save: () =>
      inName('save', () => {
        const state = save();
        parse(unpackNumbers(packNumbers(state)));
        return state;
      }),
    restore: (state) => {
      const own = parse(state);
      inName('restore', () => {
        restore(own);
      });
    },
  };
}
