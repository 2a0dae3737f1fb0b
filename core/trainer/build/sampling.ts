import { badContribution } from '../../errors/plugin.js';
import type { Sampler } from '../../hooks/payloads.js';
import type { RandomStreams } from '../../random/streams.js';

/**
 * Shuffled epochs: every example once before any comes again. Example i of the stream is position
 * i mod count of the permutation of epoch ⌊i / count⌋, so no update needs the ones before it.
 */
export function shuffledEpochs(random: RandomStreams, count: number): Sampler {
  const orders = new Map<string, { epoch: number; order: Uint32Array }>();
  const orderOf = (stream: string, epoch: number): Uint32Array => {
    const known = orders.get(stream);
    if (known?.epoch === epoch) return known.order;
    const order = random.at(`sampling/${stream}`, epoch).permutation(count);
    orders.set(stream, { epoch, order });
    return order;
  };
  return (stream, update, batchSize) => {
    const start = (update - 1) * batchSize;
    return Uint32Array.from({ length: batchSize }, (_, i) => {
      const position = start + i;
      return orderOf(stream, Math.floor(position / count))[position % count] ?? 0;
    });
  };
}

/**
 * A plugin's sampler, of which every batch is looked at: its type was perhaps never compiled.
 * @param count examples that there are, by the time that batches are made
 */
export function checkedSampler(sampler: Sampler, count: () => number): Sampler {
  return (stream, update, batchSize) => {
    const indexes: unknown = sampler(stream, update, batchSize);
    const asked = `${batchSize} indexes from 0 to ${count() - 1} were asked for, as a Uint32Array`;
    if (!(indexes instanceof Uint32Array)) {
      throw badContribution(`it does not give a Uint32Array for update ${update}; ${asked}.`);
    }
    if (indexes.length !== batchSize) {
      throw badContribution(`it gives ${indexes.length} indexes for update ${update}; ${asked}.`);
    }
    const outside = indexes.find((index) => index >= count());
    if (outside === undefined) return indexes;
    throw badContribution(`it gives the index ${outside} for update ${update}; ${asked}.`);
  };
}
