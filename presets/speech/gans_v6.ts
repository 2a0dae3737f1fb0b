import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_gans_v6',
  summary: 'vanilla GAN, 1 content + 1 adversarial, both networks on the same batch',
  about: { mirrors: 'dcgans_v6' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'output' }), // it sees the output alone
    use('speech.content', { weight: 1 }),
    use('loss.adversarial', { weight: 1 }),
    use('updates.paired'), // D on a batch, then G on the same batch
  ],
});
