import type { RandomSequence } from '../random/streams.js';

/** How a parameter starts: fills `out` (row-major) for the given shape. */
export type Initializer = (
  out: Float32Array,
  shape: readonly number[],
  random: RandomSequence,
) => void;

export interface ParameterSpec {
  /** Within its network: `conv1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** `weight`: learned; `statistic`: a moving average or another buffer, not learned. */
  readonly role: 'weight' | 'statistic';
}
