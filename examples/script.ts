import { exampleAt, openExperiment, use } from 'ncn';

// An experiment from a script: train a small network, read its metrics, denoise one example.
const experiment = await openExperiment({
  updates: 60,
  batch: 8,
  plugins: [
    ...['image.data', 'image.metrics', 'augmentation', 'loss.content', 'updates.generator'],
    use('generator.resconvnet', { width: 8 }),
    use('optimizer.adam', { learningRate: 2e-3 }),
    use('evaluation', { every: 20, testExamples: 100 }),
    'checkpoints',
  ],
});
for await (const event of experiment.train()) {
  if (event.type === 'evaluation') console.log(event.update, event.metrics.get('content'));
}
const shown = (await experiment.evaluate()).results.get('fixed')?.shown;
const [input, reference] = ['input', 'reference'].map((role) => shown?.signals.get(role));
if (input === undefined || reference === undefined) throw new Error('nothing was shown');
const first = { input: exampleAt(input, 0), reference: exampleAt(reference, 0) };
console.log('denoised', (await experiment.infer(first)).shape);
await experiment.close();
