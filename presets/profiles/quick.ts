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
    'optimizer.adam.learningRate': 2e-3, // at 1e-4 a network this small would still be far off
    'evaluation.every': 100,
    'evaluation.testImages': 2000,
    'checkpoints.every': 500,
    'metrics.every': 10,
  },
});
