import type { Pointer } from './api.js';

/**
 * Where a session keeps its state and what its programs give. A place holds one tensor; the order in
 * which its values lie there is the session's business.
 */
export interface Memory<Place> {
  /**
   * A place for a tensor of this shape; its values are whatever they were.
   * @throws NcnError where there is no memory left
   */
  take(shape: readonly number[]): Place;
  /** Takes an array for a place, as it is. Absent where places are not in the host's memory. */
  adopt?(values: Float32Array): Place;
  /** Says that nobody needs the place now: `take` may give it to the next. */
  giveBack(place: Place): void;
  /** The place as the library reads and writes it. @param shape as large as the place's own */
  view(place: Place, shape: readonly number[]): Pointer;
  /** @param fill writes all of the place's values */
  write(place: Place, fill: (values: Float32Array) => void): Promise<void>;
  /**
   * Reads places in their order.
   * @param use is shown the values of each, and copies what it keeps. Of places in host memory it
   *   has seen all when `read` returns, before anything else can change them
   */
  read<T>(places: readonly Place[], use: (values: Float32Array, index: number) => T): Promise<T[]>;
  /** Frees all places, which were given back before. */
  close(): void;
}
