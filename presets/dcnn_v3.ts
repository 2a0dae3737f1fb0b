import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'dcnn_v3',
  aliases: ['resConvNet_v3_dcnn'],
  summary: 'as dcnn_v2, but the output must have a constant scale',
  about: { figures: [13], claims: ['C2'] },
  extends: 'protocol',
  updates: 1_000_000,
  plugins: [
    use('augmentation', { variant: 'C' }), // the net sees b·reference and must return the target at a constant scale
    use('loss.content', { kind: 'l1', weight: 1 }), // mean |target − output|
    use('updates.generator'), // no discriminator
  ],
  variants: {
    scripts: {
      summary: 'independent gain of the reference; constant scale 0.8 in training, 0.9 at test',
      set: {
        'augmentation.independentReferenceGain': true,
        'evaluation.draws.c': 0.7,
        'augmentation.targetScale': 0.8,
        'augmentation.evaluationTargetScale': 0.9,
      },
    },
  },
});
