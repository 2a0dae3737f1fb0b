import { toFloat } from '../../../media/image/data/images.js';
import type { Images } from '../../data/types.js';
import type { HostTensor } from '../../engine/types.js';
import type { Sampler } from '../../hooks/payloads.js';
import type { RandomStreams } from '../../random/streams.js';
import { inputName } from '../../step/augment.js';
import { drawShape } from '../../step/draws.js';
import type { TrainingStep } from '../../step/program.js';
import type { Augmentation } from '../../step/types.js';

/** What one run of a program consumes. */
export interface ProgramFeed {
  readonly inputs: Map<string, HostTensor>;
  readonly scalars: Map<string, number>;
}

export interface BatchRequest {
  readonly slot: number;
  readonly targets: Uint32Array;
  readonly references: Uint32Array;
  /** Stream and position that the draws come from. */
  readonly stream: string;
  readonly position: number;
  /** Draws per batch that are given, not drawn. */
  readonly fixed?: Readonly<Record<string, number>>;
}

/** Puts images and random draws together as the inputs of a program. Adds to `feed`. */
export function feedBatch(
  feed: ProgramFeed,
  images: Images,
  augmentation: Augmentation,
  random: RandomStreams,
  request: BatchRequest,
): void {
  const { slot, targets, references, stream, position, fixed = {} } = request;
  const { height, width } = images;
  const shape = [targets.length, height, width, 1];
  const pixels = targets.length * height * width;
  const put = (role: string, indexes: Uint32Array): void => {
    const data = toFloat(images, indexes, new Float32Array(pixels));
    feed.inputs.set(inputName(slot, role), { shape, data });
  };
  put('target', targets);
  put('reference', references);
  for (const [name, { per, low, high }] of Object.entries(augmentation.draws)) {
    const sequence = random.at(`augmentation/${stream}/${name}`, position);
    const full = inputName(slot, name);
    if (per === 'batch') {
      const drawn = low + (high - low) * sequence.uniform();
      feed.scalars.set(full, fixed[name] ?? drawn);
      continue;
    }
    const data = new Float32Array(per === 'pixel' ? pixels : targets.length);
    const value = fixed[name];
    if (value === undefined) sequence.fillUniform(data, low, high);
    else data.fill(value);
    feed.inputs.set(full, { shape: per === 'pixel' ? shape : [targets.length, 1, 1, 1], data });
  }
}

/** What a batch source needs to know of a training step. */
export interface BatchNeeds extends Pick<TrainingStep, 'batches' | 'draws'> {
  /** Phases draw independently of each other. */
  readonly phase: { readonly name: string };
}

/** Produces the feed of any update of a phase, without those before it. */
export class BatchSource {
  constructor(
    private readonly images: Images,
    private readonly augmentation: Augmentation,
    private readonly random: RandomStreams,
    private readonly sampler: Sampler,
    private readonly batchSize: number,
  ) {}

  /** @param update 1, 2, … in the phase */
  at(step: BatchNeeds, update: number): ProgramFeed {
    const feed: ProgramFeed = { inputs: new Map(), scalars: new Map() };
    const { batches, draws } = step;
    const phase = step.phase.name;
    for (let slot = 0; slot < batches; slot++) {
      const stream = `${phase}/${slot}`;
      feedBatch(feed, this.images, this.augmentation, this.random, {
        slot,
        targets: this.sampler(`${stream}/target`, update, this.batchSize),
        references: this.sampler(`${stream}/reference`, update, this.batchSize),
        stream,
        position: update,
      });
    }
    const { height, width } = this.images;
    for (const [name, { draw, stream }] of draws) {
      const shape = drawShape(draw, this.batchSize, [height, width]);
      const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
      this.random.at(stream, update).fillUniform(data, draw.low, draw.high);
      if (draw.per === 'batch') feed.scalars.set(name, data[0] ?? NaN);
      else feed.inputs.set(name, { shape, data });
    }
    return feed;
  }
}
