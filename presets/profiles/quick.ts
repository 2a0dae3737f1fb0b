import { defineProfile } from 'ncn';

/** The same experiment, small enough for two CPU cores. */
export default defineProfile({
  name: 'quick',
  summary: 'the same experiment made small: minutes on two CPU cores',
  updates: 1500, // every other update number of the experiment shrinks by the same ratio
  batch: 16,
  set: {
    'generator.resconvnet.width': 16, // an eighth of the documented width
    'discriminator.vanilla.width': 0.0625,
    'discriminator.conditional.width': 0.0625,
    // At 1e-4 a network this small would still be far off; the decay lets the moving averages of
    // batch normalisation, which lag by 100 updates, catch up.
    'optimizer.adam.learningRate': {
      schedule: 'cosine',
      from: 2e-3,
      to: 1e-4,
      start: 0,
      end: 1500,
    },
    'evaluation.every': 100,
    'evaluation.testImages': 2000,
    'checkpoints.every': 500,
    'metrics.every': 10,
  },
});
