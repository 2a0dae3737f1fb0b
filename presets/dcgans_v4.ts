import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcgans_v4',
  aliases: ['resConvNet_v4_dcgans'],
  summary: 'vanilla GAN, 1 content + 0.001 adversarial, paired updates',
  about: { figures: [18], claims: ['C5', 'C11'] },
  extends: 'protocol',
  updates: 200_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.vanilla'), // it sees the image alone, figure 8
    use('loss.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0.001 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
