import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ByteCache, ProgramMemory } from '../../core/engine/types.js';
import type { Recording } from './ir/types.js';
import type { Lowered } from './lower/lower.js';
import type { LoweringOptions } from './lower/options.js';

/** All that is needed of a lowered program to plan with it and to run it. */
export interface Made extends Omit<Lowered, 'graph'> {
  readonly memory: ProgramMemory;
}

const sizes = z.array(z.int());
const ports = z.array(
  z.strictObject({
    role: z.enum(['state', 'input', 'scalar', 'output']),
    name: z.string(),
    value: z.string(),
    shape: sizes,
    physical: sizes,
    inPlace: z.boolean().exactOptional(),
  }),
);
const headSchema = z.strictObject({
  nodes: z.int(),
  inputs: ports,
  outputs: ports,
  memory: z.strictObject({ passing: z.number(), kept: z.number() }),
});

/**
 * What was made of programs, by what was recorded of them, for the next process: lowering takes as long as recording,
 * and to find out how much memory a program takes half of that.
 */
export class KeptPrograms {
  private readonly way: string;

  /** @param cache of whoever lowers in the same way: its code and its version are no part of the names */
  constructor(
    private readonly cache: ByteCache,
    { block, chunk, portable, winograd, knownShapes }: LoweringOptions,
  ) {
    this.way = JSON.stringify({ block, chunk, portable, winograd, knownShapes });
  }

  /** Equal for recordings of equal programs only: a node's key says what it computes from which other nodes. */
  nameOf({ nodes, state, outputs }: Recording): string {
    const hash = createHash('sha256').update(this.way);
    for (const { key } of nodes) hash.update(key).update('\n');
    for (const ends of [state, outputs]) {
      hash.update(JSON.stringify([...ends].map(([name, { id }]) => [name, id])));
    }
    return hash.digest('base64url');
  }

  find(name: string): Made | undefined {
    const bytes = this.cache.find(name);
    if (bytes === undefined) return undefined;
    try {
      const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
      const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
      return { ...headSchema.parse(JSON.parse(text)), model: bytes.subarray(4 + length) };
    } catch {
      // Somebody else's bytes: it is made anew.
      return undefined;
    }
  }

  keep(name: string, { model, nodes, inputs, outputs, memory }: Made): void {
    const head = new TextEncoder().encode(JSON.stringify({ nodes, inputs, outputs, memory }));
    const bytes = new Uint8Array(4 + head.length + model.length);
    new DataView(bytes.buffer).setUint32(0, head.length);
    bytes.set(head, 4);
    bytes.set(model, 4 + head.length);
    this.cache.keep(name, bytes);
  }
}
