import { expect, test } from 'vitest';
import { openEngine } from '../../../engines/registry.js';
import { tf } from '../../../core/index.js';
import { slotName } from '../../../core/step/plan.js';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { makeInspector } from '../../../core/trainer/loop/inspector.js';
import { startPosition } from '../../../core/trainer/loop/position.js';
import { runUpdate, scalarsOf } from '../../../core/trainer/loop/update.js';
import { initialState } from '../../../core/trainer/build/state.js';
import { prepareTiny } from '../../support/tiny.js';

test.each(['cpu', 'compiled'])(
  'looking inside changes nothing and leaks nothing (%s)',
  async (engine) => {
    const prepared = await prepareTiny('conditional_v5');
    const { built } = prepared;
    const [step] = built.steps;
    if (step === undefined) throw new Error('no phase');
    const session = await openEngine(engine);
    try {
      await session.write(initialState(prepared));
      await session.write(step.initialState());
      const source = batchesOf(prepared, 2);
      const inspect = makeInspector(built, session, () => source, 2);
      const before = await session.read();
      const seen = await inspect(startPosition);
      expect(await session.read()).toEqual(before);
      const held = tf.memory().numTensors;
      expect(await inspect(startPosition)).toEqual(seen);
      expect(tf.memory().numTensors).toBe(held);

      // The names and sizes are those of the parameters; a gradient for each weight.
      const names = [...built.networks].flatMap(([network, { parameters }]) =>
        parameters.map((parameter) => ({ ...parameter, name: `${network}/${parameter.name}` })),
      );
      expect([...seen.parameters.keys()].sort()).toEqual(names.map(({ name }) => name).sort());
      const weights = names.filter(({ role }) => role === 'weight');
      expect([...seen.gradients.keys()].sort()).toEqual(weights.map(({ name }) => name).sort());
      for (const { name, shape } of weights) expect(seen.gradients.get(name)?.shape).toEqual(shape);
      expect(seen.activations.get('generator/conv1')?.shape[0]).toBe(2);

      // The discriminator is updated first: Adam's first moment is then a tenth of its gradient.
      const feed = await source.at({ ...step, phase: { name: 'inspection' } }, 1);
      await runUpdate(session, step, feed, scalarsOf(step, 1, feed));
      const after = await session.read();
      for (const { name } of weights.filter((weight) => weight.name.startsWith('discriminator/'))) {
        const moment = after.get(slotName('main', name, 'm'))?.data ?? new Float32Array();
        const gradient = seen.gradients.get(name)?.data ?? new Float32Array();
        expect(moment.length).toBe(gradient.length);
        moment.forEach((m, i) => {
          expect(Math.abs(m - 0.1 * (gradient[i] ?? NaN))).toBeLessThan(1e-6 + 1e-3 * Math.abs(m));
        });
      }
    } finally {
      await session.close();
    }
  },
);
