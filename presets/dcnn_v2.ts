import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcnn_v2',
  aliases: ['resConvNet_v2_dcnn'],
  summary: 'as dcnn_v1, but the network is given the reference at its scale in the mixture',
  about: { figures: [12], claims: ['C1', 'C2'] },
  extends: 'protocol',
  updates: 1_000_000,
  plugins: [
    use('augmentation', { variant: 'B' }), // the net sees b·reference, as it is in the mixture, and must return a·target
    use('loss.content', { kind: 'l1', weight: 1 }), // mean |target − output|
    use('updates.generator'), // no discriminator
  ],
  variants: {
    scripts: {
      summary: 'the reference shown was scaled by a third, independent gain',
      set: { 'augmentation.independentReferenceGain': true, 'evaluation.draws.c': 0.7 },
    },
  },
});
