import { tf, z, type NetworkDefinition } from 'ncn';
import { outputOption } from './seen.js';

export const discriminatorOptions = z.strictObject({
  width: z
    .number()
    .positive()
    .default(1)
    .describe('factor on the number of filters of every layer'),
  output: outputOption(),
});

export type DiscriminatorOptions = z.output<typeof discriminatorOptions>;

/** Kernel, filters, stride and padding of the layers of figures 8 and 9, each with BN and ELU. */
const layersWithNorm = [
  [5, 64, 1, 'valid'],
  [5, 128, 1, 'valid'],
  [5, 256, 1, 'valid'],
  [4, 512, 2, 'same'],
  [4, 1024, 2, 'same'],
] as const;

/**
 * The discriminator of figures 8 and 9.
 * @param seen what it sees besides the image that it judges, in the order of their channels
 */
export function discriminator(
  seen: readonly string[],
  { width, output }: DiscriminatorOptions,
): NetworkDefinition {
  const filters = (documented: number): number => Math.max(1, Math.round(documented * width));
  return {
    name: 'discriminator',
    inputs: { image: 'target', ...Object.fromEntries(seen.map((role) => [role, role])) },
    forward(layers, inputs) {
      const images = ['image', ...seen].flatMap((name) => inputs[name] ?? []);
      const [only] = images;
      let h = images.length === 1 && only !== undefined ? only : tf.concat(images, 3);
      layersWithNorm.forEach(([kernel, count, stride, pad], i) => {
        const y = layers.conv2d(`conv${i + 1}`, h, {
          filters: filters(count),
          kernel,
          stride,
          pad,
        });
        h = tf.elu(layers.batchNorm(`bn${i + 1}`, y));
      });
      h = tf.elu(layers.conv2d('conv6', h, { filters: filters(2048), kernel: 4, pad: 'valid' }));
      const logit = layers.conv2d('conv7', h, { filters: 1, kernel: 1, pad: 'valid' });
      return output === 'sigmoid' ? tf.sigmoid(logit) : logit;
    },
  };
}
