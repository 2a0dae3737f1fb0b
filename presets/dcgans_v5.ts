import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcgans_v5',
  aliases: ['resConvNet_v5_dcgans'],
  summary: 'vanilla GAN, 0.9 content + 0.1 adversarial, paired updates',
  about: { figures: [19], claims: ['C5', 'C11'] },
  extends: 'protocol',
  updates: 200_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.vanilla'), // it sees the image alone, figure 8
    use('loss.content', { weight: 0.9 }),
    use('loss.adversarial', { weight: 0.1 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
