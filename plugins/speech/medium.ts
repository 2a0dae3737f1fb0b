import { definePlugin, z } from 'ncn';
import { audioMedium } from 'ncn/media';

/** Waveforms are sounds: players and spectrograms. */
export default definePlugin({
  name: 'speech.medium',
  version: '1.0.0',
  summary: 'reads, writes, plays and draws sounds of 16 kHz',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.media.tap(({ add }) => {
      add(audioMedium(16_000));
    });
  },
});
