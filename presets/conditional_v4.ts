import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'conditional_v4',
  aliases: ['resConvNet_v4_conditional_dcgans'],
  summary: 'conditional GAN on the adversarial loss alone, unpaired updates',
  about: { figures: [27], claims: ['C9', 'C11'] },
  extends: 'protocol',
  updates: 500_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.conditional'), // it sees image, input and reference, figure 9
    use('loss.adversarial', { weight: 1 }), // no content loss
    use('updates.unpaired'), // D on a batch, G on a fresh one
  ],
});
