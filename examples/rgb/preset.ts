import { definePreset, use } from 'ncn';

/**
 * The plugins of the post on pictures in colour: `ncn --preset ./examples/rgb/preset.ts`. Only the
 * data set is new; the network gives as many channels as it is given.
 */
export default definePreset({
  name: 'rgb',
  summary: 'colour pictures: a picture out of a mixture with another one and noise',
  updates: 200,
  batch: 8,
  plugins: [
    use('./folder.ts'), // 32 × 32, the signal `picture`; --data DIR takes others
    use('image.medium'), // PNG files, drawn as they are
    use('image.metrics'),
    use('augmentation', { signal: 'picture', noise: [0, 0.2] }), // a·target + b·reference + noise
    use('generator.resconvnet', { width: 8, depth: 2 }),
    use('loss.content'),
    use('updates.generator'),
    use('optimizer.adam', { learningRate: 5e-3 }),
    use('evaluation', { every: 50, examples: 4, draws: { a: 0.5, b: 0.7 } }),
    use('images'),
    use('samples'), // for ncn report and ncn watch
    use('metrics', { every: 10 }),
    use('progress'),
    use('checkpoints', { every: 100 }),
    use('guard'),
  ],
});
