import { definePlugin, z } from 'ncn';
import { imageMetrics } from 'ncn/media';

const names = imageMetrics.map(({ name }) => name);

const options = z.strictObject({
  metrics: z
    .array(z.enum(names))
    .default(names)
    .describe('which of them are reported; those of the collapse need a reference'),
});

/** How good images are, and whether they are the reference in disguise. */
export default definePlugin({
  name: 'image.metrics',
  version: '1.0.0',
  summary: 'metrics of images: content error, PSNR, SSIM, collapse and others',
  options,
  setup({ hooks, options: { metrics } }) {
    hooks.metrics.tap(({ add }) => {
      for (const metric of imageMetrics) if (metrics.includes(metric.name)) add(metric);
    });
  },
});
