import type { OpenStream } from '../../../core/open/types.js';
import { cancellerBlock } from '../canceller.js';
import { noSuppressor } from '../../errors/audio.js';
import type { Suppressor } from './live.js';

/** Inputs of a network that can stand behind the canceller. */
const known = new Set(['input', 'reference', 'cancelled']);

/**
 * A trained network as a suppressor: one that takes blocks of 256 samples of `input` (the
 * microphone), `reference` and `cancelled`, or of some of them.
 * @throws NcnError (`NCN_DENOISE_NETWORK`) for another
 */
export function suppressorOf(stream: OpenStream): Suppressor {
  const { hop, latency, inputs } = stream;
  const names = [...inputs.keys()];
  const fits = [...inputs.values()].every((shape) => shape.join() === `${cancellerBlock},1`);
  if (hop !== cancellerBlock || !fits || names.some((name) => !known.has(name))) {
    throw noSuppressor(names, hop, cancellerBlock);
  }
  return {
    latency,
    push: ({ microphone, reference, cancelled }) => {
      const signals = { input: microphone, reference, cancelled };
      return stream.push(
        Object.fromEntries(Object.entries(signals).filter(([name]) => inputs.has(name))),
      );
    },
  };
}
