import { Ajv } from 'ajv';
import { beforeAll, expect, test } from 'vitest';
import type * as host from '../../../core/index.js';
import { experimentSchema } from '../../../core/experiment/json-schema.js';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { PluginLoader } from '../../../core/plugins/loader.js';

let library: PresetLibrary;
let validate: ReturnType<Ajv['compile']>;

beforeAll(async () => {
  library = await PresetLibrary.load();
  const plugins = (await new PluginLoader().listBuiltIn()).map(({ plugin }) => plugin);
  const schema = experimentSchema(plugins, {
    presets: library.list().map(({ name }) => name),
    profiles: library.listProfiles().map(({ name }) => name),
  });
  validate = new Ajv({ strict: false }).compile(schema);
});

/** As in a file: without what definePreset adds. */
const asFile = (preset: host.Preset): Record<string, unknown> => {
  const plain = JSON.parse(JSON.stringify(preset)) as Record<string, unknown>;
  delete plain['ncnPreset'];
  return plain;
};

test('every preset is valid, those that others extend too', () => {
  for (const { name } of library.list()) {
    for (const preset of library.lineage(name)) {
      expect(validate(asFile(preset)), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  }
});

const wrong = [
  ['an option of the wrong type', { plugin: 'loss.content', options: { weight: 'heavy' } }],
  ['an unknown option', { plugin: 'loss.content', options: { wieght: 1 } }],
  ['a number out of range', { plugin: 'generator.resconvnet', options: { width: 0 } }],
  ['a plugin without a name', { options: {} }],
] as const;

test.each(wrong)('%s is not', (_, use) => {
  const preset = { name: 'mine', summary: 'a test', updates: 5, batch: 2, plugins: [use] };
  expect(validate(preset)).toBe(false);
  const right = { ...preset, plugins: [{ plugin: 'loss.content', options: { weight: 1 } }] };
  expect(validate(right), JSON.stringify(validate.errors)).toBe(true);
});

test.each([
  [{ preset: 'dcnn_v1', set: { 'loss.content.weight': 2 } }, true],
  [{ preset: 'dcnn_v1', set: { 'loss.content.weight': 'heavy' } }, false],
  [{ presett: 'dcnn_v1' }, false],
])('configuration file %j: %s', (config, valid) => {
  expect(validate(config), JSON.stringify(validate.errors)).toBe(valid);
});
