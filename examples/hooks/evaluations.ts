import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.evaluations',
  version: '1.0.0',
  summary: 'offers an evaluation of targets that nothing is mixed into, and asks for it at the end',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.evaluations.tap(({ add }) => {
      add({
        name: 'easy',
        async run({ safePoint, sequences, batch, infer, measure }) {
          await safePoint();
          const first = Uint32Array.of(0, 1, 2, 3);
          const examples = Object.fromEntries(sequences.map((name) => [name, first]));
          const made = await batch({ examples, stream: 'easy', position: 0 });
          const [target, reference] = ['target', 'reference'].map((role) => made.signals.get(role));
          if (target === undefined || reference === undefined) throw new Error('no target');
          // What the network makes of the target itself.
          const output = await infer({ inputs: { input: target, reference } });
          const shown = { ...made, output, outputBatch: undefined };
          return { metrics: (await measure(shown)).means, shown };
        },
      });
    });
    hooks.trainingEnd.tap(({ control }) => {
      control.evaluate('easy');
    });
  },
});
