import type { MetricModel } from './model.js';

/** `PSNR (dB)`: for where its values stand without their unit. */
export const titleOf = ({ label, unit }: Pick<MetricModel, 'label' | 'unit'>): string =>
  unit === null ? label : `${label} (${unit})`;
