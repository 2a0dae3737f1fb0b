import { expect, test } from 'vitest';
import { tf } from '../../../core/index.js';
import { tinyRun } from '../../../lab/testing/index.js';
import { pluginOf } from '../../support/plugin.js';

/** Metrics and numbers of losses without a sensible value. */
const plugin = pluginOf(({ hooks }) => {
  hooks.metrics.tap(({ add }) => {
    add({ name: 'none', better: null, value: () => NaN });
    add({ name: 'endless', better: 'higher', value: () => Infinity });
  });
  hooks.losses.tap(({ add, main }) => {
    add({
      name: 'watched',
      network: main,
      weight: () => 0,
      value({ output, metric }) {
        metric('odd', tf.log(tf.neg(tf.add(tf.mean<tf.Scalar>(tf.abs(output)), 1))));
        metric('endless', tf.div(1, tf.mul(tf.mean<tf.Scalar>(output), 0)));
        return tf.mean<tf.Scalar>(output);
      },
    });
  });
});

test('NaN and infinities go through evaluations, checkpoints and a resume', async () => {
  // Means over four updates: the checkpoint at which the run stops is within them.
  const experiment = { plugins: [plugin], values: { 'metrics.every': 4 }, updates: 8 };
  const whole = await tinyRun(experiment);
  const resumed = await tinyRun({ ...experiment, interruptAfter: 6 });
  expect(whole.metrics[0]?.get('generator/odd')).toBeNaN();
  expect(whole.metrics[0]?.get('generator/endless')).toBe(Infinity);
  expect(whole.summary.get('test/none')).toBeNaN();
  expect(whole.summary.get('test/endless')).toBe(Infinity);
  expect(whole.log).toContain('"generator/odd":"NaN"');
  expect(whole.log).toContain('"generator/endless":"Infinity"');
  expect(whole.log).toContain('"none":"NaN"');
  expect(resumed.log).toBe(whole.log);
  expect(resumed.summary).toEqual(whole.summary);
  expect(resumed.contentHash).toBe(whole.contentHash);
});
