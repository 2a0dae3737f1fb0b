import { definePreset, use } from 'ncn';

/** What all sixteen experiments share: the network, the optimiser, how they are watched. */
export default definePreset({
  name: 'protocol',
  summary: 'what all documented experiments share',
  abstract: true,
  batch: 100,
  plugins: [
    use('image.data'), // MNIST
    use('image.medium'),
    use('image.metrics'),
    use('generator.resconvnet', { width: 128, depth: 4 }), // figure 7
    use('optimizer.adam', { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    use('evaluation', { every: 1000, examples: 16, draws: { a: 0.5, b: 0.7 } }), // as the scripts
    use('images'), // grids as the post shows them
    use('samples'), // the same images for ncn report and ncn watch
    use('filmstrip'),
    use('metrics'),
    use('lossgraph'),
    use('tensorboard'), // tensorboard --logdir runs
    use('progress'),
    use('checkpoints', { every: 10_000, keep: 3 }),
    use('guard'), // a NaN stops the run
  ],
});
