import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import semver from 'semver';
import { z } from 'zod';
import { badDefinition, badRange, otherHost, wrongHost } from '../errors/loading.js';
import { parseJson } from '../run/json.js';
import { messageOf } from '../errors/error.js';
import { hostCopy, type HostCopy } from './host.js';
import type { Plugin } from './plugin.js';

/** Dotted words, as they appear in paths of the configuration. */
const namePattern = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$/i;

/**
 * Checks what a plugin says about itself, before anything of it runs.
 * @throws NcnError for a bad field, another copy of ncn, or a version of ncn it does not work with
 */
export function checkPlugin(plugin: Plugin, file: string, running: HostCopy = hostCopy): void {
  const { name, version, options } = plugin;
  const shown = typeof name === 'string' && name !== '' ? name : file;
  if (plugin.host !== running) throw otherHost(shown, file, about(plugin.host), about(running));
  if (typeof name !== 'string' || !namePattern.test(name)) {
    throw badDefinition(shown, 'name', "must be dotted words, such as 'my.loss'");
  }
  if (semver.valid(version) === null) {
    throw badDefinition(name, 'version', "must be a semantic version, such as '1.0.0'");
  }
  for (const list of ['requires', 'replaces', 'conflicts'] as const) {
    if (!z.array(z.string()).safeParse(plugin[list]).success) {
      throw badDefinition(name, list, 'must be a list of names of plugins');
    }
  }
  const problem = optionsProblem(options);
  if (problem !== undefined) throw badDefinition(name, 'options', problem);
  checkRange(plugin, file, running.version);
}

function about(host: unknown): string {
  if (typeof host !== 'object' || host === null) return 'of an unknown version';
  return `${String(Reflect.get(host, 'version'))} in ${String(Reflect.get(host, 'path'))}`;
}

function optionsProblem(options: unknown): string | undefined {
  const isZod4 = typeof options === 'object' && options !== null && '_zod' in options;
  if (!isZod4) return "must be a schema made with the `z` that 'ncn' exports";
  let described: unknown;
  try {
    described = z.toJSONSchema(options as z.ZodType, { io: 'input', unrepresentable: 'any' });
  } catch (error) {
    return `must be values that JSON can hold, defaults too (${messageOf(error)})`;
  }
  if (typeof described === 'object' && described !== null) {
    if (Reflect.get(described, 'type') === 'object') return undefined;
  }
  return 'must be a schema of an object: z.strictObject({ … })';
}

function checkRange(plugin: Plugin, file: string, host: string): void {
  const [range, where] = rangeOf(plugin, file);
  // A checkout without a readable package.json has no version to compare with.
  if (range === undefined || semver.valid(host) === null) return;
  if (semver.validRange(range) === null) throw badRange(plugin.name, range, where);
  if (semver.satisfies(host, range, { includePrerelease: true })) return;
  throw wrongHost(plugin.name, range, where, host);
}

/** The range of ncn that the plugin declares, or else its package's peer dependency on ncn. */
function rangeOf(plugin: Plugin, file: string): [range: string | undefined, where: string] {
  if (plugin.ncn !== undefined) return [plugin.ncn, 'its definition'];
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const description = join(folder, 'package.json');
    try {
      const found = z
        .object({ peerDependencies: z.object({ ncn: z.string() }) })
        .safeParse(parseJson(readFileSync(description, 'utf8')));
      return [found.data?.peerDependencies.ncn, description];
    } catch {
      if (dirname(folder) === folder) return [undefined, ''];
    }
  }
}
