import { z } from 'zod';
import type { Plugin } from '../plugins/plugin.js';
import type { JsonValue as Json } from '../run/json.js';
import { coreOptions } from './core-options.js';
import { isObject, type JsonObject } from './paths.js';
import { configFileSchema, presetSchema } from './preset-schema.js';

/** Draft 7: what editors understand best. */
const toSchema = (schema: z.ZodType): JsonObject => {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
  return Object.fromEntries(
    Object.entries(whole).filter(([key]) => key !== '$schema'),
  ) as JsonObject;
};

export interface SchemaNames {
  readonly presets: readonly string[];
  readonly profiles: readonly string[];
}

/**
 * JSON Schema (draft 7) of preset and configuration files, with the options of these plugins; for
 * the editor: `"$schema": "./ncn.schema.json"`.
 */
export function experimentSchema(plugins: readonly Plugin[], names: SchemaNames): JsonObject {
  const options = Object.fromEntries(plugins.map((p) => [p.name, toSchema(p.options)]));
  const values: Record<string, Json> = { ...byPath(toSchema(coreOptions), '') };
  for (const [name, schema] of Object.entries(options)) Object.assign(values, byPath(schema, name));
  const known = (list: readonly string[], description: string): Json => ({
    description,
    anyOf: [{ enum: list }, { type: 'string' }],
  });
  const presetNames = known(names.presets, 'a preset: name, path or package');
  const preset = objectWith(toSchema(presetSchema), {
    $schema: { type: 'string' },
    about: {
      type: 'object',
      description: 'anything else worth knowing of it, for those who show it',
    },
    extends: presetNames,
    plugins: { type: 'array', items: { $ref: '#/definitions/use' } },
    variants: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { summary: { type: 'string' }, set: { $ref: '#/definitions/values' } },
        required: ['summary', 'set'],
        additionalProperties: false,
      },
    },
    profiles: {
      type: 'object',
      description: 'sizes of a profile for this experiment and those that extend it',
      additionalProperties: {
        type: 'object',
        properties: {
          updates: { type: 'integer', exclusiveMinimum: 0 },
          batch: { type: 'integer', exclusiveMinimum: 0 },
          set: { $ref: '#/definitions/values' },
        },
        additionalProperties: false,
      },
    },
  });
  const config = objectWith(toSchema(configFileSchema), {
    plugins: {
      type: 'array',
      items: { anyOf: [{ type: 'string' }, { $ref: '#/definitions/use' }] },
    },
    preset: presetNames,
    profile: known(names.profiles, 'the profile where --profile is not given'),
    set: { $ref: '#/definitions/values' },
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'ncn: a preset (with name and summary), or ncn.config.json',
    if: { required: ['name', 'summary'] },
    then: { $ref: '#/definitions/preset' },
    else: { $ref: '#/definitions/config' },
    definitions: {
      preset,
      config,
      use: useSchema(plugins),
      values: {
        type: 'object',
        description: 'values by path; ncn config lists all of an experiment',
        properties: values,
      },
      options,
    },
  };
}

const objectWith = (schema: JsonObject, properties: JsonObject): JsonObject => ({
  ...schema,
  properties: { ...(isObject(schema['properties']) ? schema['properties'] : {}), ...properties },
});

/** A plugin and its options: which options, depends on the plugin. */
const useSchema = (plugins: readonly Plugin[]): JsonObject => ({
  type: 'object',
  properties: {
    plugin: {
      anyOf: [
        { oneOf: plugins.map(({ name, summary }) => ({ const: name, description: summary })) },
        { type: 'string', description: 'a path from this file, or a package' },
      ],
    },
    options: { type: 'object' },
  },
  required: ['plugin'],
  additionalProperties: false,
  allOf: plugins.map(({ name }) => ({
    if: { properties: { plugin: { const: name } }, required: ['plugin'] },
    then: { properties: { options: { $ref: `#/definitions/options/${name}` } } },
  })),
});

function byPath(schema: JsonObject, prefix: string): Record<string, Json> {
  const { properties } = schema;
  const entries = isObject(properties) ? Object.entries(properties) : [];
  return Object.fromEntries(
    entries.map(([key, part]) => [prefix === '' ? key : `${prefix}.${key}`, part]),
  );
}
