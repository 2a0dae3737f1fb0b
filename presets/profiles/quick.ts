import { defineProfile } from 'ncn';

/** The same experiment, small enough for two CPU cores. */
export default defineProfile({
  name: 'quick',
  summary: 'the same experiment made small: minutes on two CPU cores',
  updates: 1500, // every other update number of the experiment shrinks by the same ratio
  batch: 32,
  set: {
    'generator.resconvnet.width': 32, // a quarter of the documented width
    'discriminator.vanilla.width': 0.125,
    'discriminator.conditional.width': 0.125,
    'optimizer.adam.learningRate': 1e-3, // at 1e-4 a network this small is still far off after 300 updates
    'evaluation.every': 100,
    'evaluation.testImages': 2000,
    'checkpoints.every': 500,
    'metrics.every': 10,
  },
});
