import { definePreset, use } from 'ncn';

/**
 * An experiment without images: `ncn --preset ./examples/waves/preset.ts`. Data, task, network,
 * metric and medium are files of this folder; loss, optimizer, phases and the rest are ncn's.
 */
export default definePreset({
  name: 'waves',
  summary: 'waveforms: tones out of a mixture with known tones and noise',
  updates: 300,
  batch: 16,
  plugins: [
    use('./data.ts'), // computed on the fly
    use('./medium.ts'),
    use('./metrics.ts'), // SNR in dB
    use('./mixture.ts'), // the task
    use('./network.ts', { width: 8, depth: 5 }), // looks back over 65 values
    use('loss.content', { kind: 'l1' }),
    use('updates.generator'), // the main network alone, whatever its name
    use('optimizer.adam', { learningRate: 5e-3 }),
    use('evaluation', { every: 100, examples: 4, draws: { level: 0.8, loudness: 0.02 } }),
    use('samples'), // for ncn report and ncn watch
    use('metrics', { every: 10 }),
    use('progress'),
    use('checkpoints', { every: 100 }),
    use('guard'),
  ],
});
