import { expect, test } from 'vitest';
import { prepareTiny } from '../../support/tiny.js';

/** What `ncn hooks` prints of the hooks that somebody taps: `hook: plugin, plugin (stage)`. */
async function orderOf(preset: string): Promise<string[]> {
  const { lifecycle } = await prepareTiny(preset);
  return lifecycle.all
    .filter(({ effective }) => effective.length > 0)
    .map(({ name, effective }) => {
      const taps = effective.map(({ plugin, order: { stage } }) =>
        stage === undefined ? plugin : `${plugin} (${stage})`,
      );
      return `${name}: ${taps.join(', ')}`;
    });
}

// The order of loss terms is the order of sums, so results depend on it to the last bit.
test('taps of dcgans_v7', async () => {
  expect((await orderOf('dcgans_v7')).join('\n')).toMatchInlineSnapshot(`
    "configuration: optimizer.adam, loss.adversarial
    datasets: image.data, testing.data
    media: image.medium
    augmentation: augmentation
    networks: generator.resconvnet, discriminator.vanilla
    losses: loss.content, loss.adversarial
    optimizers: optimizer.adam
    phases: updates.paired, pretraining (late)
    metrics: image.metrics
    evaluations: evaluation
    runStart: metrics (first), tensorboard (first), evaluation, progress, checkpoints
    phaseStart: progress
    updateEnd: guard (first), evaluation, metrics, tensorboard, checkpoints, progress (last)
    evaluationEnd: guard (first), evaluation, images, samples, filmstrip, metrics, tensorboard, progress
    checkpointSave: metrics (first), tensorboard (first)
    checkpointSaved: progress
    trainingEnd: guard (first), evaluation, metrics, checkpoints
    runEnd: evaluation, images, filmstrip, lossgraph, progress, tensorboard (last)
    interruption: images, tensorboard
    failure: tensorboard, images (last)"
  `);
});

/** Lines that another preset does not have. */
async function unlike(preset: string, other: string): Promise<string[]> {
  const lines = new Set(await orderOf(other));
  return (await orderOf(preset)).filter((line) => !lines.has(line));
}

test('taps of dcnn_v5, where they are not those of dcgans_v7', async () => {
  expect(await unlike('dcnn_v5', 'dcgans_v7')).toEqual([
    'configuration: optimizer.adam',
    'dataset: subset',
    'networks: generator.resconvnet',
    'losses: loss.content',
    'phases: updates.generator',
  ]);
});

test('taps of conditional_v5, where they are not those of dcgans_v7', async () => {
  expect(await unlike('conditional_v5', 'dcgans_v7')).toEqual([
    'networks: generator.resconvnet, discriminator.conditional',
    'phases: updates.paired',
  ]);
  expect(await orderOf('conditional_v5')).toContain('losses: loss.content, loss.adversarial');
});
