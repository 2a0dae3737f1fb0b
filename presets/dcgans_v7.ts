import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcgans_v7',
  aliases: ['resConvNet_v7_dcgans'],
  summary:
    'vanilla GAN, 1 content + 0.001 adversarial, paired, after pre-training on the content loss alone',
  about: { figures: [22, 23], claims: ['C7', 'C11'] },
  extends: 'protocol',
  updates: 200_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.vanilla'), // it sees the image alone, figure 8
    use('loss.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0.001 }),
    use('pretraining', { updates: 200_000 }), // on the content loss alone, with an Adam of its own
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
  variants: {
    scripts: {
      summary: '300,000 updates of pre-training',
      set: { 'pretraining.updates': 300_000 },
    },
  },
});
