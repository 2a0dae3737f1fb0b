import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_cnn_v5',
  summary: 'as speech_cnn_v1, with 10 speakers and 2 pieces of music',
  about: { mirrors: 'dcnn_v5' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.data', { speakers: 10, pieces: 2 }), // of the 221 and 21
    use('speech.content', { weight: 1 }),
    use('updates.generator'), // no discriminator
  ],
});
