import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcnn_v1',
  aliases: ['resConvNet_v1_dcnn'],
  summary: 'a plain network trained on L1; unscaled reference, output at the scale of the mixture',
  about: { figures: [11], claims: ['C1', 'C2', 'C3', 'C11'] },
  extends: 'protocol',
  updates: 1_000_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('loss.content', { kind: 'l1', weight: 1 }), // mean |target − output|
    use('updates.generator'), // no discriminator
  ],
});
