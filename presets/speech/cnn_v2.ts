import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_cnn_v2',
  summary: 'as speech_cnn_v1, but the reference is as loud as its echo',
  about: { mirrors: 'dcnn_v2' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'scaled', target: 'scaled' }), // b·reference, as loud as its echo
    use('speech.content', { weight: 1 }),
    use('updates.generator'), // no discriminator
  ],
});
