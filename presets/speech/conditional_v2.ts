import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_conditional_v2',
  summary: 'conditional GAN, 1 content + 0.001 adversarial',
  about: { mirrors: 'conditional_v2' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'all' }), // it sees microphone and reference too
    use('speech.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0.001 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
