import { defineProfile } from 'ncn';

const updates = 4000;
const rate = { schedule: 'cosine', from: 1e-3, to: 5e-5, start: 0, end: updates };

/**
 * Nearer to the documented size than `quick`: an estimated four hours on two cores for the sixteen
 * experiments with three seeds, which have not been run at it (docs/sweeps.md tells the estimate).
 */
export default defineProfile({
  name: 'standard',
  summary: 'the same experiment at a quarter of the documented width: for a night on two CPU cores',
  updates, // every other update number of the experiment shrinks by the same ratio
  batch: 16,
  set: {
    // Both networks at a quarter of the documented width: the documented ratio of D to G.
    'generator.resconvnet.width': 32,
    'discriminator.vanilla.width': 0.25,
    'discriminator.conditional.width': 0.25,
    'optimizer.adam.learningRate': rate, // of both networks
    'evaluation.every': 500,
    'evaluation.testExamples': 2000,
    'checkpoints.every': 500,
    'metrics.every': 20,
    'tensorboard.every': 20,
    'log.csv.every': 20,
  },
});
