import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcnn_v5',
  aliases: ['resConvNet_v5_dcnn'],
  summary: 'as dcnn_v1, with 1,000 training images instead of 60,000',
  about: { figures: [14], claims: ['C3'] },
  extends: 'protocol',
  updates: 1_000_000,
  plugins: [
    use('augmentation', { variant: 'A' }), // the net sees the unscaled reference and must return a·target
    use('subset', { examples: 1000 }), // of the 60,000
    use('loss.content', { kind: 'l1', weight: 1 }), // mean |target − output|
    use('updates.generator'), // no discriminator
  ],
  variants: {
    scripts: {
      summary: 'batches are 100 consecutive images from a random start below 1,000',
      set: { 'subset.windows': true },
    },
  },
});
