import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_conditional_v4',
  summary: 'conditional GAN, the adversarial loss alone, each network on a batch of its own',
  about: { mirrors: 'conditional_v4' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'all' }), // it sees microphone and reference too
    use('speech.content', { weight: 0 }), // watched, not minimised
    use('loss.adversarial', { weight: 1 }),
    use('updates.unpaired'), // D on a batch, then G on a fresh one
  ],
});
