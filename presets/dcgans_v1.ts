import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcgans_v1',
  aliases: ['resConvNet_v1_dcgans'],
  summary: 'vanilla GAN, 1 content + 0.001 adversarial, unpaired updates',
  about: { figures: [15], claims: ['C4', 'C11'] },
  extends: 'protocol',
  updates: 1_000_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.vanilla'), // it sees the image alone, figure 8
    use('loss.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0.001 }),
    use('updates.unpaired'), // D on a batch, G on a fresh one
  ],
});
