import type { Initializer } from './types.js';

export const zeros: Initializer = (out) => {
  out.fill(0);
};

export const ones: Initializer = (out) => {
  out.fill(1);
};

/**
 * Glorot and Bengio (2010), equation 16: uniform in ±√(6 / (fan in + fan out)), where a fan is
 * the channels times the size of the receptive field (kernels are [..., in, out]).
 */
export const glorotUniform: Initializer = (out, shape, random) => {
  const channelsOut = shape.at(-1) ?? 1;
  const channelsIn = shape.at(-2) ?? 1;
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const limit = Math.sqrt(6 / (field * (channelsIn + channelsOut)));
  random.fillUniform(out, -limit, limit);
};
