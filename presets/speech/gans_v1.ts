import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_gans_v1',
  summary: 'vanilla GAN, 1 content + 0.001 adversarial, each network on a batch of its own',
  about: { mirrors: 'dcgans_v1' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'output' }), // it sees the output alone
    use('speech.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0.001 }),
    use('updates.unpaired'), // D on a batch, then G on a fresh one
  ],
});
