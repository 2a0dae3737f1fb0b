import { definePreset, use } from 'ncn';

/** What all speech experiments share: the smart speaker, the network, how they are watched. */
export default definePreset({
  name: 'speech_protocol',
  summary: 'what all speech experiments share',
  abstract: true,
  updates: 4000,
  batch: 4,
  plugins: [
    use('speech.data', { clips: 1600, testClips: 24 }), // 10 s each; trained on cuts of 3 s
    use('speech.medium'), // players and spectrograms
    use('speech.metrics'),
    use('speech.dnsmos'), // where its model file is at hand
    use('speech.generator'), // masks the spectra of microphone and canceller
    use('optimizer.muon', {
      learningRate: { schedule: 'cosine', from: 5e-3, to: 2e-5, end: 4000 },
      warmUp: 60,
      weightDecay: 1e-4,
    }),
    use('gradients.clip', { norm: 0.05 }), // of the content loss, which is a few hundredths
    use('evaluation', { every: 500, examples: 4, testBatch: 1, keep: 3 }), // whole clips of 10 s
    use('images'), // spectrograms on one colour scale
    use('samples'), // the same clips to hear and see, for ncn report and ncn watch
    use('metrics', { every: 20 }),
    use('lossgraph'),
    use('tensorboard', { every: 20 }), // with players
    use('progress'),
    use('checkpoints', { every: 500, keep: 3 }),
    use('guard'), // a NaN stops the run
  ],
  profiles: {
    // Minutes on two cores: 200 clips are made on the way.
    quick: {
      updates: 430,
      batch: 4,
      set: { 'speech.data.clips': 200, 'evaluation.every': 100, 'checkpoints.every': 100 },
    },
    // About twenty minutes of one core for a run.
    standard: { updates: 4000, batch: 4, set: {} },
  },
});
