import {
  anyNumber,
  DatasetToken,
  definePlugin,
  PerExampleCollector,
  RandomToken,
  RunDirectoryToken,
  testExamplesFile,
  writeTestExamples,
  z,
  type EvaluationContext,
} from 'ncn';

const options = z.strictObject({
  every: z.int().positive().default(1000).describe('updates between evaluations'),
  examples: z.int().positive().default(16).describe('fixed test examples that are shown'),
  draws: z
    .record(z.string(), z.number())
    .default({})
    .describe('values of the augmentation’s draws, by name; others are drawn'),
  testExamples: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('test examples of the final evaluation; null: all of them'),
  testBatch: z.int().positive().default(100).describe('examples evaluated at a time'),
  keep: z
    .int()
    .positive()
    .default(12)
    .describe('of the final evaluation: examples kept of the worst, the best and other groups'),
});

const naturals = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/**
 * Evaluation with fixed draws: `fixed`, on a few test examples that stay the same, and `test`, on
 * the whole test set (each example with others for the augmentation's further sequences), at the
 * end of each phase.
 */
export default definePlugin({
  name: 'evaluation',
  version: '2.0.0',
  summary: 'evaluates on fixed test examples, and at the end on the test set',
  options,
  setup({ hooks, services, persist, options: o }) {
    let last: Record<string, number> = {};

    async function fixed({ dataset, sequences, batch, measure }: EvaluationContext) {
      const random = services.get(RandomToken);
      const all = dataset.test.count;
      const count = Math.min(o.examples, all);
      const indexes = sequences.map((name) => {
        const order = random.at(`evaluation/fixed/${name}`).permutation(all);
        return [name, order.slice(0, count)] as const;
      });
      const shown = await batch({
        examples: Object.fromEntries(indexes),
        draws: o.draws,
        stream: 'evaluation/fixed',
        position: 0,
      });
      return { metrics: (await measure(shown)).means, shown };
    }

    async function test(context: EvaluationContext) {
      const { dataset, sequences, metrics, measure } = context;
      const random = services.get(RandomToken);
      const all = dataset.test.count;
      const count = Math.min(o.testExamples ?? all, all);
      const orders = sequences.map((name, i) => {
        const order = random.at(`evaluation/test/${name}`);
        return [name, i === 0 ? naturals(count) : order.permutation(all)] as const;
      });
      const sums = new Map<string, number>();
      const collector = new PerExampleCollector(metrics, count, o.keep);
      for (let start = 0; start < count; start += o.testBatch) {
        await context.safePoint();
        const end = Math.min(start + o.testBatch, count);
        const examples = Object.fromEntries(
          orders.map(([name, order]) => [name, order.slice(start, end)]),
        );
        const about = { draws: o.draws, stream: 'evaluation/test', position: start };
        const batch = await context.batch({ examples, ...about });
        const measured = await measure(batch);
        collector.add(examples, batch, measured);
        for (const [name, value] of measured.means) {
          sums.set(name, (sums.get(name) ?? 0) + (value * (end - start)) / count);
        }
      }
      return { metrics: sums, perExample: collector.result() };
    }

    hooks.evaluations.tap(({ add }) => {
      const shown = ({ updates }: { readonly updates: number }): number =>
        (1 + Math.ceil(updates / o.every)) * o.examples;
      const tested = ({ phases }: { readonly phases: number }): number =>
        phases * Math.min(o.testExamples ?? Infinity, services.get(DatasetToken).test.count);
      add({ name: 'fixed', run: fixed, examples: shown, batch: o.examples });
      const batch = Math.min(o.testBatch, o.testExamples ?? Infinity);
      add({ name: 'test', run: test, examples: tested, batch });
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
      if (name !== 'test' || result.perExample === undefined) return;
      const about = { update, seed: run.seed, dataset: services.get(DatasetToken).hash };
      const path = testExamplesFile(services.get(RunDirectoryToken).path);
      await writeTestExamples(path, result.perExample, about);
    });
    hooks.runEnd.tap(({ summary }) => {
      for (const [metric, value] of Object.entries(last)) summary.set(metric, value);
    });
    persist({
      schema: z.record(z.string(), anyNumber()),
      save: () => last,
      restore: (state) => (last = state),
    });
    hooks.trainingEnd.tap(({ update, control }) => {
      if (update % o.every !== 0) control.evaluate('fixed');
      control.evaluate('test');
    });
  },
});
