import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'conditional_v1',
  aliases: ['resConvNet_v1_conditional_dcgans'],
  summary: 'conditional GAN, 1 content + 1 adversarial, paired updates',
  about: { figures: [24], claims: ['C8', 'C11'] },
  extends: 'protocol',
  updates: 500_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.conditional'), // it sees image, input and reference, figure 9
    use('loss.content', { weight: 1 }),
    use('loss.adversarial', { weight: 1 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
