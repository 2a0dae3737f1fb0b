import { availableParallelism } from 'node:os';

/** What is measured of a work where nothing else is asked for. */
export interface WorkSizes {
  readonly title: string;
  /** Examples in a batch, or `4x3`: examples x seconds. */
  readonly batches: readonly string[];
  /** 0: as many as there are processors. */
  readonly threads: readonly number[];
  /** How many times as fast as the best peer it is to be. */
  readonly aim?: (batch: string) => number | undefined;
}

const documented = ['1', '16', '100'];
const speech = { batches: ['4x3'], threads: [1, 0], aim: () => 1.3 };
const quick = { batches: ['16'], threads: [1, 0], aim: () => 2 };

/** By name as `--works` has it, in the table's order. */
export const works: Readonly<Record<string, WorkSizes>> = {
  generator: {
    title: 'generator, content update',
    batches: documented,
    threads: [0],
    aim: (batch) => (batch === '1' ? 1 : undefined),
  },
  discriminator: { title: 'discriminator update', batches: documented, threads: [0] },
  gan: { title: 'conditional-GAN iteration', batches: documented, threads: [0] },
  'quick-generator': { title: 'generator, size of `quick`', ...quick },
  'quick-gan': { title: 'conditional-GAN iteration, size of `quick`', ...quick },
  speech: { title: 'speech network, update', ...speech, batches: ['4x3', '8x4'] },
  'speech-wide': { title: 'speech network, twice as wide', ...speech },
  'speech-tcn': { title: 'speech network, form `tcn`', ...speech },
  unet: { title: 'small U-Net, by `ncn/engine`', batches: ['16'], threads: [1, 0] },
  resnet: { title: 'small ResNet, by `ncn/engine`', batches: ['32'], threads: [1, 0] },
};

/** Works, sizes and threads to measure. Lists with commas; what is undefined is each work's own. */
export function casesOf(
  names: readonly string[] = Object.keys(works),
  batches?: readonly string[],
  threads?: readonly number[],
): { work: string; sizes: readonly string[]; threads: readonly number[] }[] {
  return names.map((work) => {
    const own = works[work];
    if (own === undefined) {
      throw new Error(`--works ${work}: there are ${Object.keys(works).join(', ')}`);
    }
    const asked = threads ?? own.threads;
    const counts = asked.map((n) => (n === 0 ? availableParallelism() : n));
    return { work, sizes: batches ?? own.batches, threads: [...new Set(counts)] };
  });
}
