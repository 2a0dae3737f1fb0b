import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_cnn_v3',
  summary: 'as speech_cnn_v2, but the output must have a constant level',
  about: { mirrors: 'dcnn_v3' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'scaled', target: 'constant' }), // the speech at one level
    use('speech.content', { weight: 1 }),
    use('updates.generator'), // no discriminator
  ],
});
