import { expect, test } from 'vitest';
import { prepareTiny } from '../../support/tiny.js';

/** What `ncn hooks` prints of the hooks that somebody taps: `hook: plugin, plugin (stage)`. */
async function orderOf(preset: string): Promise<string> {
  const { lifecycle } = await prepareTiny(preset);
  return lifecycle.all
    .filter(({ effective }) => effective.length > 0)
    .map(({ name, effective }) => {
      const taps = effective.map(({ plugin, order: { stage } }) =>
        stage === undefined ? plugin : `${plugin} (${stage})`,
      );
      return `${name}: ${taps.join(', ')}`;
    })
    .join('\n');
}

// The order of loss terms is the order of sums, so results depend on it to the last bit.
test('taps of dcnn_v5', async () => {
  expect(await orderOf('dcnn_v5')).toMatchInlineSnapshot(`
    "datasets: image.data, testing.data
    dataset: subset
    media: image.medium
    augmentation: augmentation
    networks: generator.resconvnet
    losses: loss.content
    optimizers: optimizer.adam
    phases: updates.generator
    metrics: image.metrics
    evaluations: evaluation
    runStart: metrics (first), tensorboard (first), evaluation, progress, checkpoints
    phaseStart: progress
    updateEnd: guard (first), evaluation, metrics, tensorboard, checkpoints, progress (last)
    evaluationEnd: evaluation, images, samples, filmstrip, metrics, tensorboard, progress
    checkpointSave: metrics (first), tensorboard (first)
    checkpointSaved: progress
    trainingEnd: evaluation, checkpoints
    runEnd: evaluation, images, filmstrip, lossgraph, progress, tensorboard (last)
    interruption: images, tensorboard
    failure: tensorboard, images (last)"
  `);
});

test('taps of dcgans_v7', async () => {
  expect(await orderOf('dcgans_v7')).toMatchInlineSnapshot(`
    "datasets: image.data, testing.data
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
    evaluationEnd: evaluation, images, samples, filmstrip, metrics, tensorboard, progress
    checkpointSave: metrics (first), tensorboard (first)
    checkpointSaved: progress
    trainingEnd: evaluation, checkpoints
    runEnd: evaluation, images, filmstrip, lossgraph, progress, tensorboard (last)
    interruption: images, tensorboard
    failure: tensorboard, images (last)"
  `);
});

test('taps of conditional_v5', async () => {
  expect(await orderOf('conditional_v5')).toMatchInlineSnapshot(`
    "datasets: image.data, testing.data
    media: image.medium
    augmentation: augmentation
    networks: generator.resconvnet, discriminator.conditional
    losses: loss.content, loss.adversarial
    optimizers: optimizer.adam
    phases: updates.paired
    metrics: image.metrics
    evaluations: evaluation
    runStart: metrics (first), tensorboard (first), evaluation, progress, checkpoints
    phaseStart: progress
    updateEnd: guard (first), evaluation, metrics, tensorboard, checkpoints, progress (last)
    evaluationEnd: evaluation, images, samples, filmstrip, metrics, tensorboard, progress
    checkpointSave: metrics (first), tensorboard (first)
    checkpointSaved: progress
    trainingEnd: evaluation, checkpoints
    runEnd: evaluation, images, filmstrip, lossgraph, progress, tensorboard (last)
    interruption: images, tensorboard
    failure: tensorboard, images (last)"
  `);
});
