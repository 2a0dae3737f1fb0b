import { definePlugin, RandomStreams, z } from 'ncn';
import { imageDataset, type GreyImages } from 'ncn/media';

/** Sinusoidal gratings of random direction, frequency and phase: `--dataset gratings`. */
export default definePlugin({
  name: 'gratings',
  version: '1.0.0',
  summary: 'a data set of gratings, made when it is asked for',
  options: z.strictObject({
    train: z.int().positive().default(10_000).describe('training images'),
    test: z.int().positive().default(1_000).describe('test images'),
    size: z.int().min(8).default(28).describe('height and width in pixels'),
  }),
  setup({ hooks, options: { train, test, size } }) {
    // A seed of its own: another seed of the run must not mean other data.
    const random = new RandomStreams(1);
    const draw = (split: string, count: number): GreyImages => {
      const pixels = new Uint8Array(count * size * size);
      for (let image = 0; image < count; image++) {
        const sequence = random.at(`gratings/${split}`, image);
        const angle = Math.PI * sequence.uniform();
        const frequency = (2 * Math.PI * (1 + 3 * sequence.uniform())) / size;
        const phase = 2 * Math.PI * sequence.uniform();
        for (let i = 0; i < size * size; i++) {
          const [x, y] = [i % size, Math.floor(i / size)];
          const along = x * Math.cos(angle) + y * Math.sin(angle);
          pixels[image * size * size + i] = 127.5 * (1 + Math.sin(frequency * along + phase));
        }
      }
      return { count, height: size, width: size, pixels };
    };
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'gratings',
        summary: `${train} + ${test} sinusoidal gratings, ${size} × ${size}`,
        load: () =>
          Promise.resolve(
            imageDataset('gratings', 'generated', draw('train', train), draw('test', test)),
          ),
      });
    });
  },
});
