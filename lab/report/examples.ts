import { encodeTiles } from '../../media/figures/tiles.js';
import { exampleGroups } from '../../media/image/metrics/per-image.js';
import type { TestImages } from '../../media/image/test-images.js';
import { rounded } from './lines.js';
import type { ExampleGroupModel, TestImagesModel } from './model.js';

const modes = [
  ['moving', ''],
  ['batch', 'batch/'],
] as const;

/** The worst and best test images of a run, and those that show its collapse. */
export function testImagesOf(images: TestImages): TestImagesModel {
  const { height, width } = images;
  const groups = modes.flatMap(([mode, prefix]) =>
    exampleGroups.map((group): ExampleGroupModel => {
      const kept = images.examples.get(prefix + group) ?? [];
      const examples = kept.map(({ position, input, reference, target, output }) => {
        const value = (metric: string): number =>
          rounded(images.values.get(prefix + metric)?.[position] ?? NaN);
        const pixels = new Float32Array(4 * height * width);
        [input, reference, target, output].forEach((part, i) =>
          pixels.set(part, i * height * width),
        );
        const png = encodeTiles({ count: 4, height, width, pixels }, 4);
        return {
          target: images.targets[position] ?? NaN,
          reference: images.references[position] ?? NaN,
          content: value('content'),
          psnr: value('psnr'),
          collapseMargin: value('collapseMargin'),
          src: `data:image/png;base64,${png.toString('base64')}`,
        };
      });
      return { group, mode, examples };
    }),
  );
  const collapsed = (prefix: string): number =>
    (images.values.get(`${prefix}collapseMargin`) ?? new Float32Array()).reduce(
      (sum, margin) => sum + Number(margin > 0),
      0,
    );
  return {
    update: images.about.update,
    images: images.targets.length,
    groups,
    collapsed: { moving: collapsed(''), batch: collapsed('batch/') },
  };
}
