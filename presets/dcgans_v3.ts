import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcgans_v3',
  aliases: ['resConvNet_v3_dcgans'],
  summary: 'vanilla GAN, 1 content + 1 adversarial, unpaired updates',
  about: { figures: [17], claims: ['C4', 'C11'] },
  extends: 'protocol',
  updates: 200_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.vanilla'), // it sees the image alone, figure 8
    use('loss.content', { weight: 1 }),
    use('loss.adversarial', { weight: 1 }),
    use('updates.unpaired'), // D on a batch, G on a fresh one
  ],
});
