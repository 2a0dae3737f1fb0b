import { beforeAll, expect, test } from 'vitest';
import { tf } from '../../core/tf.js';
import type { LossContext } from '../../core/step/types.js';
import { prepareTiny } from '../support/tiny.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const real = [0.9, 0.6];
const fake = [0.2, 0.7];
const images = (values: readonly number[]) => tf.tensor4d([...values], [2, 1, 1, 1]);

/** A discriminator with known answers. */
function context(metrics: Map<string, number>): LossContext {
  const target = images([1, 0.5]);
  const output = images([0.25, 0.75]);
  return {
    signals: { target },
    signal: () => target,
    output,
    run: (_, inputs) => images(inputs['image'] === target ? real : fake),
    draw: () => tf.scalar(NaN),
    metric: (name, value) => void metrics.set(name, value.dataSync()[0] ?? NaN),
  };
}

async function values(options: Record<string, string>) {
  const { built } = await prepareTiny('conditional_v1', options);
  const metrics = new Map<string, number>();
  const found = built.blueprint.losses.map(
    ({ name, value }) => [name, value(context(metrics)).dataSync()[0] ?? NaN] as const,
  );
  return { losses: new Map(found), metrics };
}

const mean = (f: (i: 0 | 1) => number) => (f(0) + f(1)) / 2;

test('the losses of the post', async () => {
  const { losses, metrics } = await values({});
  const log = (x: number) => Math.log(x + 1e-8);
  expect(losses.get('content')).toBeCloseTo(0.5, 6);
  expect(losses.get('adversarial')).toBeCloseTo(
    mean((i) => -0.5 * log(fake[i] ?? 0)),
    6,
  );
  expect(losses.get('discrimination')).toBeCloseTo(
    mean((i) => -0.5 * (log(real[i] ?? 0) + log(1 - (fake[i] ?? 0)))),
    6,
  );
  expect(metrics.get('accuracy')).toBeCloseTo(0.75, 6);
});

test('the least-squares losses of SEGAN, and L2', async () => {
  const { losses } = await values({
    'loss.adversarial.kind': 'least-squares',
    'loss.content.kind': 'l2',
  });
  expect(losses.get('content')).toBeCloseTo((0.75 ** 2 + 0.25 ** 2) / 2, 6);
  expect(losses.get('adversarial')).toBeCloseTo(
    mean((i) => 0.5 * ((fake[i] ?? 0) - 1) ** 2),
    6,
  );
  expect(losses.get('discrimination')).toBeCloseTo(
    mean((i) => 0.5 * ((real[i] ?? 0) - 1) ** 2 + 0.5 * (fake[i] ?? 0) ** 2),
    6,
  );
});
