import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_gans_v7',
  summary: 'as speech_gans_v4, after pre-training on the content loss alone',
  about: { mirrors: 'dcgans_v7' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.discriminator', { sees: 'output' }), // it sees the output alone
    use('speech.content', { weight: 1 }),
    use('loss.adversarial', { weight: 0.001 }),
    use('updates.paired'), // D on a batch, then G on the same batch
    use('pretraining', { updates: 2000 }), // half of the main phase
  ],
});
