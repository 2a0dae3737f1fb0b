import type { ProgramMemory } from '../../../core/engine/types.js';
import { sizeOf } from '../ir/shape.js';
import type { Lowered } from '../lower/lower.js';
import { poolOf } from './pool.js';

/**
 * The memory that a program takes beside the state: in the library's pool, and in buffers for what
 * is fed, for outputs, and for such new values of the state as are not written over the old ones.
 */
export function memoryOf({ graph, inputs, outputs }: Lowered): ProgramMemory {
  const own = [
    ...inputs.filter(({ role }) => role !== 'state'),
    ...outputs.filter(({ inPlace }) => inPlace !== true),
  ];
  const kept = own.reduce((sum, { physical }) => sum + 4 * sizeOf(physical), 0);
  const passing = poolOf(graph, new Map(inputs.map(({ value, physical }) => [value, physical])));
  return { passing, kept };
}
