import { z } from 'zod';
import type { JsonValue as Json } from '../run/json.js';
import { nearest } from '../errors/nearest.js';

const json: z.ZodType<Json> = z.json();
const values = z.record(z.string(), json);

export const pluginUseSchema = z.strictObject({
  plugin: z.string().describe('first-party name, path (from this file) or package'),
  options: values.default({}).describe('options that differ from the defaults of the plugin'),
});

const number = z.int().positive();

/** What a preset holds, whether written with `definePreset` or as JSON. */
export const presetSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][\w-]*$/i, 'must be a word')
    .describe('what --preset and the run directory call it'),
  aliases: z.array(z.string()).exactOptional().describe('other names it answers to'),
  summary: z.string().describe('one sentence: the experiment'),
  about: values
    .exactOptional()
    .describe('anything else worth knowing of it: where it is documented, say'),
  extends: z
    .string()
    .exactOptional()
    .describe('a preset that it builds on: a name, or a path from this file'),
  updates: number.exactOptional().describe('updates of the main phase'),
  batch: number.exactOptional().describe('examples in a batch'),
  plugins: z.array(pluginUseSchema).describe('the plugins, in order'),
  variants: z
    .record(z.string(), z.strictObject({ summary: z.string(), set: values }))
    .exactOptional()
    .describe('other readings of the same experiment: values by path'),
  profiles: z
    .record(
      z.string(),
      z.strictObject({
        updates: number.exactOptional(),
        batch: number.exactOptional(),
        set: values.exactOptional(),
      }),
    )
    .exactOptional()
    .describe('sizes of a profile for this experiment and those that extend it'),
  abstract: z.boolean().exactOptional().describe('a part that other presets extend'),
});

/** What `ncn.config.*` holds. */
export const configFileSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  plugins: z
    .array(z.union([z.string(), pluginUseSchema]))
    .default([])
    .describe('plugins added to every experiment: names, paths from this file, or packages'),
  presets: z
    .array(z.string())
    .default([])
    .describe('presets that --preset finds by name: paths from this file, or packages'),
  preset: z.string().exactOptional().describe('the experiment where --preset is not given'),
  profile: z.string().exactOptional().describe('the profile where --profile is not given'),
  set: values
    .default({})
    .describe('values by path, on top of preset and profile, below the command line'),
});

/** What is wrong with a value, in one line, with the nearest key for an unknown one. */
export function describeIssue(error: z.ZodError, keys: Iterable<string>): string {
  const issue = error.issues[0];
  if (issue === undefined) return error.message;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const near = issue.path.length === 0 ? nearest(key, keys) : undefined;
    const place = [...issue.path, key].map(String).join('.');
    return `unknown key '${place}'${near === undefined ? '' : `; did you mean '${near}'?`}`;
  }
  return issue.path.length === 0
    ? issue.message
    : `'${issue.path.map(String).join('.')}': ${issue.message}`;
}
