import { defineProfile } from 'ncn';

const updates = 1200;
const decay = (from: number, to: number) => ({
  schedule: 'cosine',
  from,
  to,
  start: 0,
  end: updates,
});

/** The same experiment, small enough for two CPU cores. */
export default defineProfile({
  name: 'quick',
  summary: 'the same experiment made small: minutes on two CPU cores',
  updates, // every other update number of the experiment shrinks by the same ratio
  batch: 16,
  set: {
    'generator.resconvnet.width': 16, // an eighth of the documented width
    'discriminator.vanilla.width': 0.0625,
    'discriminator.conditional.width': 0.0625,
    // At 1e-4 a network this small would still be far off. The decay lets the moving averages of
    // batch normalisation, which lag by 100 updates, catch up.
    'optimizer.adam.learningRate': decay(2e-3, 1e-4),
    // At the generator's rate, a discriminator this small drowns the content loss.
    'optimizer.adam.networks': { discriminator: { learningRate: decay(4e-4, 2e-5) } },
    'evaluation.every': 100,
    'evaluation.testExamples': 2000,
    'checkpoints.every': 500,
    'metrics.every': 10,
    'tensorboard.every': 10,
    'log.csv.every': 10,
  },
});
