import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_conditional_v5',
  summary: 'conditional GAN, 1 content + 1 adversarial, from 40 % on 100 content + 1 adversarial',
  about: { mirrors: 'conditional_v5' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'all' }), // it sees microphone and reference too
    use('speech.content', { weight: { schedule: 'step', from: 1, to: 100, at: 1600 } }), // SEGAN’s loss ramp
    use('loss.adversarial', { weight: 1 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
