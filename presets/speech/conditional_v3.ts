import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_conditional_v3',
  summary: 'conditional GAN, the adversarial loss alone',
  about: { mirrors: 'conditional_v3' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'all' }), // it sees microphone and reference too
    use('speech.content', { weight: 0 }), // watched, not minimised
    use('loss.adversarial', { weight: 1 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
