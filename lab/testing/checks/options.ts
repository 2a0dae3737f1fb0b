import { z } from 'zod';
import { messageOf } from '../../../core/errors/error.js';
import { notConforming } from '../../errors/conformance.js';
import { canonicalJson, parseJson, type JsonValue } from '../../../core/run/json.js';
import type { Plugin } from '../../../core/plugins/plugin.js';
import type { Prepared } from '../../../core/trainer/build/prepare.js';
import type { Subject } from '../conformance.js';
import { prepareTiny } from '../prepare.js';

const check = 'its options and state are plain data';

/** Options must have a JSON Schema and survive being written and read; so must the saved state. */
export async function checkOptions({ plugins, experiment }: Subject): Promise<void> {
  const prepared = await prepareTiny(experiment);
  for (const plugin of plugins) checkOptionsOf(plugin, prepared);
}

function checkOptionsOf(plugin: Plugin, prepared: Prepared): void {
  const { name } = plugin;
  attempt(name, 'the schema of its options has no JSON Schema', () => {
    z.toJSONSchema(plugin.options, { io: 'input' });
  });
  const given = prepared.experiment.plugins.find(({ loaded }) => loaded.plugin.name === name);
  attempt(name, 'its options do not survive being written and read', () => {
    const parsed = plugin.options.parse(given?.options ?? {});
    const text = canonicalJson(parsed as JsonValue);
    const again = canonicalJson(plugin.options.parse(parseJson(text)) as JsonValue);
    if (again !== text) throw new Error(`${text} became ${again}`);
  });
  const persistence = prepared.persistences.get(name);
  if (persistence === undefined) return;
  attempt(name, 'its saved state does not survive being written and read', () => {
    const text = canonicalJson(persistence.save() as JsonValue);
    persistence.restore(parseJson(text));
    const again = canonicalJson(persistence.save() as JsonValue);
    if (again !== text) throw new Error(`${text} became ${again}`);
  });
}

function attempt(plugin: string, what: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw notConforming(
      plugin,
      check,
      `${what}: ${messageOf(error)}`,
      'Use numbers, strings, booleans, lists and plain objects; write a Map as a list of pairs.',
      error,
    );
  }
}
