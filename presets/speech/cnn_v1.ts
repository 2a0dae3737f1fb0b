import { definePreset, use } from 'ncn';

export default definePreset({
  name: 'speech_cnn_v1',
  summary: 'a plain network: it is given the reference as it was played and must return a·speech',
  about: { mirrors: 'dcnn_v1' },
  extends: 'speech_protocol',
  plugins: [
    use('speech.mixture', { reference: 'played', target: 'scaled' }), // the reference as it was played; the output must be a·speech
    use('speech.content', { weight: 1 }),
    use('updates.generator'), // no discriminator
  ],
  variants: {
    nocanceller: {
      summary:
        'the network is not given the output of the linear canceller: the post’s literal form',
      set: { 'speech.generator.canceller': false },
    },
    tcn: {
      summary: 'frequencies as channels: no convolutions along frequency',
      set: { 'speech.generator.form': 'tcn' },
    },
    waveform: {
      summary: 'a U-Net on samples instead of masks on spectra; it needs the whole recording',
      set: { 'speech.generator.form': 'waveform' },
    },
  },
});
