import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'conditional_v5',
  aliases: ['resConvNet_v5_conditional_dcgans'],
  summary:
    'conditional GAN, 1 content + 1 adversarial until update 200,000, then 100 content + 1 adversarial',
  about: { figures: [28], claims: ['C10', 'C11'] },
  extends: 'protocol',
  updates: 500_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('discriminator.conditional'), // it sees image, input and reference, figure 9
    use('loss.content', { weight: { schedule: 'step', from: 1, to: 100, at: 200_000 } }), // SEGAN’s loss ramp
    use('loss.adversarial', { weight: 1 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
