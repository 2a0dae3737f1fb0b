import {
  DatasetToken,
  definePlugin,
  RandomToken,
  RunDirectoryToken,
  z,
  type DenoiseResult,
  type EvaluationContext,
} from 'ncn';
import { evaluateImages, PerImageCollector, testImagesFile, writeTestImages } from 'ncn/media';

const options = z.strictObject({
  every: z.int().positive().default(1000).describe('updates between evaluations'),
  images: z.int().positive().default(16).describe('fixed test images that are shown'),
  targetGain: z.number().default(0.5).describe('gain of the target in the mixture'),
  referenceGain: z.number().default(0.7).describe('gain of the reference in the mixture'),
  testImages: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('test images of the final evaluation; null: all of them'),
  testBatch: z.int().positive().default(100).describe('images evaluated at a time'),
});

const shown = ['content', 'mse', 'crossEntropy', 'psnr', 'ssim', 'collapseRate'] as const;

/** Built-in metrics and those that plugins offer, and the built-in ones of each image. */
function measured(context: EvaluationContext, images: DenoiseResult) {
  const values = evaluateImages({ ...images, reference: images.plainReference });
  const named = new Map<string, number>(shown.map((name) => [name, values[name]]));
  for (const [name, value] of context.measure(images)) {
    if (named.has(name)) throw new Error(`the metric '${name}' is built in: rename the other`);
    named.set(name, value);
  }
  return { named, perImage: values.perImage };
}

/** The metrics of both modes of batch normalisation: `content`, …, and `batch/content`, …. */
function metricsOf(context: EvaluationContext, result: DenoiseResult) {
  const moving = measured(context, result);
  const batch = measured(context, { ...result, output: result.outputBatch });
  const metrics = new Map(
    [...moving.named].flatMap(([name, value]) => [
      [name, value],
      [`batch/${name}`, batch.named.get(name) ?? NaN],
    ]),
  );
  return { metrics, moving: moving.perImage, batch: batch.perImage };
}

const naturals = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/**
 * Evaluation at fixed gains: `fixed`, on a few test images that stay the same, and `test`, on the
 * whole test set (each image with another one as reference), at the end of each phase.
 */
export default definePlugin({
  name: 'evaluation',
  version: '1.0.0',
  summary: 'evaluates on fixed test images, and at the end on the test set',
  options,
  setup({ hooks, services, persist, options: o }) {
    let last: Record<string, number> = {};
    const draws = { a: o.targetGain, b: o.referenceGain, c: o.referenceGain };

    async function fixed(context: EvaluationContext) {
      const random = services.get(RandomToken);
      const all = context.dataset.test.count;
      const count = Math.min(o.images, all);
      const result = await context.denoise({
        targets: random.at('evaluation/fixed/target').permutation(all).slice(0, count),
        references: random.at('evaluation/fixed/reference').permutation(all).slice(0, count),
        draws,
        stream: 'evaluation/fixed',
        position: 0,
      });
      return { metrics: metricsOf(context, result).metrics, images: result };
    }

    async function test(context: EvaluationContext) {
      const all = context.dataset.test.count;
      const count = Math.min(o.testImages ?? all, all);
      const targets = naturals(count);
      const references = services.get(RandomToken).at('evaluation/test/reference').permutation(all);
      const sums = new Map<string, number>();
      const perImage = new PerImageCollector(count);
      for (let start = 0; start < count; start += o.testBatch) {
        await context.safePoint();
        const end = Math.min(start + o.testBatch, count);
        const indexes = {
          targets: targets.slice(start, end),
          references: references.slice(start, end),
        };
        const about = { draws, stream: 'evaluation/test', position: start };
        const result = await context.denoise({ ...indexes, ...about });
        const { metrics, moving, batch } = metricsOf(context, result);
        perImage.add(indexes, result, moving, batch);
        for (const [name, value] of metrics) {
          sums.set(name, (sums.get(name) ?? 0) + (value * (end - start)) / count);
        }
        // What an all-black output would score: content errors mean little without it.
        const total = result.target.reduce((sum, pixel) => sum + Math.abs(pixel), 0);
        const pixels = count * result.height * result.width;
        sums.set('black', (sums.get('black') ?? 0) + total / pixels);
      }
      return { metrics: sums, perImage: perImage.result() };
    }

    hooks.evaluations.tap(({ add }) => {
      const shownImages = ({ updates }: { readonly updates: number }): number =>
        (1 + Math.ceil(updates / o.every)) * o.images;
      const testImages = ({ phases }: { readonly phases: number }): number =>
        phases * Math.min(o.testImages ?? Infinity, services.get(DatasetToken).test.count);
      add({ name: 'fixed', run: fixed, images: shownImages });
      add({ name: 'test', run: test, images: testImages });
    });
    hooks.runStart.tap(({ run, control }) => {
      // Before training the output resembles the reference: figure 21 of the post.
      if (!run.resumed) control.evaluate('fixed');
    });
    hooks.updateEnd.tap(({ run, phase, update, phaseUpdate, control }) => {
      if (update % o.every === 0) control.evaluate('fixed');
      // The end of the last phase is the end of training.
      if (phaseUpdate === phase.updates && update < run.totalUpdates) control.evaluate('test');
    });
    hooks.evaluationEnd.tap(async ({ run, name, update, result }) => {
      for (const [metric, value] of result.metrics) last[`${name}/${metric}`] = value;
      if (name !== 'test' || result.perImage === undefined) return;
      const about = { update, seed: run.seed, dataset: services.get(DatasetToken).hash };
      const path = testImagesFile(services.get(RunDirectoryToken).path);
      await writeTestImages(path, result.perImage, about);
    });
    hooks.runEnd.tap(({ summary }) => {
      for (const [metric, value] of Object.entries(last)) summary.set(metric, value);
    });
    persist({
      schema: z.record(z.string(), z.number()),
      save: () => last,
      restore: (state) => (last = state),
    });
    hooks.trainingEnd.tap(({ update, control }) => {
      if (update % o.every !== 0) control.evaluate('fixed');
      control.evaluate('test');
    });
  },
});
