import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.evaluations',
  version: '1.0.0',
  summary: 'offers an evaluation of unmixed images, and asks for it at the end',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.evaluations.tap(({ add }) => {
      add({
        name: 'easy',
        async run(context) {
          await context.safePoint();
          const targets = Uint32Array.of(0, 1, 2, 3);
          const draws = { a: 1, b: 0, noise: 0 };
          const about = { targets, references: targets, draws, stream: 'easy', position: 0 };
          const images = await context.denoise(about);
          return { metrics: context.measure(images), images };
        },
      });
    });
    hooks.trainingEnd.tap(({ control }) => {
      control.evaluate('easy');
    });
  },
});
