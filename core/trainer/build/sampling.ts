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
