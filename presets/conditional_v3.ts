import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'conditional_v3',
  aliases: ['resConvNet_v3_conditional_dcgans'],
  summary: 'conditional GAN on the adversarial loss alone, paired updates',
  about: { figures: [26], claims: ['C8', 'C9', 'C11'] },
  extends: 'protocol',
  updates: 500_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.conditional'), // it sees image, input and reference, figure 9
    use('loss.adversarial', { weight: 1 }), // no content loss
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
