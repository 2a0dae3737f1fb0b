import { expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import { describeProgram } from '../../../engines/compiled/trace/describe.js';
import type { EngineSession } from '../../../core/engine/types.js';
import { describeStep, validateSteps } from '../../../core/trainer/build/state.js';
import { IdleSession } from '../../../bench/idle-session.js';
import { prepareTiny } from '../../support/tiny.js';

/** Records, and computes nothing. */
class RecordingSession extends IdleSession implements EngineSession {
  readonly describe = describeProgram;
}

const prepared = await prepareTiny('conditional_v5');
const operations = describeStep(prepared, new RecordingSession()) ?? [];
const named = new Map(operations.map((operation) => [operation.name, operation]));

test('every operation has a name of its own, and inputs that come before it', () => {
  expect(named.size).toBe(operations.length);
  const seen = new Set<string>();
  for (const { name, inputs } of operations) {
    for (const input of inputs) expect(seen.has(input), `${input} of ${name}`).toBe(true);
    seen.add(name);
  }
});

test('the parts of the step are told apart', () => {
  const parts = new Set(operations.map(({ name }) => name.split('/')[0]));
  expect([...parts].sort()).toEqual([
    'augmentation',
    'discriminator',
    'generator',
    'gradients',
    'inputs',
    'losses',
    'moving_averages',
    'optimizer',
    'outputs',
    'scalars',
  ]);
});

test('a layer holds its parameters and its operations; plugins and tf.js operations are named', () => {
  const conv = named.get('generator/conv1/conv');
  expect(conv).toMatchObject({ kind: 'conv', source: 'conv2d', plugin: 'generator.resconvnet' });
  expect(conv?.inputs[1]).toBe('generator/conv1/kernel');
  expect(named.get('generator/conv1/kernel')).toMatchObject({ kind: 'state', inputs: [] });
  const loss = operations.find(({ name }) => name.startsWith('losses/generator/content/'));
  expect(loss?.plugin).toBe('loss.content');
});

test('the gradient of a kernel is with its layer and plugin, and the optimizer takes it', () => {
  const gradient = operations.filter(({ kind }) => kind === 'convFilter');
  const plugins = new Set(gradient.map(({ plugin }) => plugin));
  expect([...plugins].sort()).toEqual(['discriminator.conditional', 'generator.resconvnet']);
  const layers = gradient.map(({ name }) => name.replace(/\/convFilter.*/, ''));
  expect(layers).toContain('gradients/discriminator/discriminator/conv1');
  expect(layers.every((name) => /^gradients\/(generator|discriminator)\//.test(name))).toBe(true);
  // Of a network that runs twice it is a sum, in the same place.
  for (const layer of layers) {
    const kernel = layer.replace(/^gradients\/[^/]+/, '/main') + '/kernel';
    const from = operations.filter(({ name }) => name.startsWith(`optimizer${kernel}/`));
    expect(from.flatMap(({ inputs }) => inputs).some((name) => name.startsWith(`${layer}/`))).toBe(
      true,
    );
  }
});

test('an engine that records nothing has no graph', () => {
  expect(describeStep(prepared, new IdleSession())).toBeUndefined();
});

test('what was recorded to check a step is described without recording it again', async () => {
  const session = await compiledEngine.open({ threads: 1 });
  validateSteps(prepared, session);
  expect(describeStep(prepared, session)).toEqual(operations);
  await session.close();
});
