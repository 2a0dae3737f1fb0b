import { sizeOfShape } from '../../data/examples.js';
import type { Examples } from '../../data/types.js';
import type { HostTensor } from '../../engine/types.js';
import type { Sampler } from '../../hooks/payloads.js';
import type { RandomStreams } from '../../random/streams.js';
import { drawsOf, inputName, sequencesOf, shapeOfDraw } from '../../step/augment.js';
import { drawOne, drawShape, fillDraw } from '../../step/draws.js';
import type { TrainingStep } from '../../step/program.js';
import type { Augmentation, BatchShapes } from '../../step/types.js';

/** What one run of a program consumes. */
export interface ProgramFeed {
  readonly inputs: Map<string, HostTensor>;
  readonly scalars: Map<string, number>;
}

/** What puts batches together. */
export interface BatchParts {
  readonly augmentation: Augmentation;
  readonly shapes: BatchShapes;
  readonly random: RandomStreams;
}

export interface SlotRequest {
  readonly slot: number;
  /** Indexes by sequence of examples, equally many of each. */
  readonly examples: Readonly<Record<string, Uint32Array>>;
  /** Stream and position that the draws come from. */
  readonly stream: string;
  readonly position: number;
  /** Draws that are given, not drawn. */
  readonly fixed?: Readonly<Record<string, number>>;
}

/** Puts signals and random draws together as the inputs of a program. Adds to `feed`. */
export async function feedBatch(
  feed: ProgramFeed,
  examples: Examples,
  { augmentation, shapes, random }: BatchParts,
  { slot, examples: indexes, stream, position, fixed = {} }: SlotRequest,
): Promise<void> {
  let count = 0;
  for (const sequence of sequencesOf(augmentation)) {
    const list = indexes[sequence] ?? new Uint32Array();
    count = list.length;
    for (const names of apart(augmentation, sequence)) {
      const out: Record<string, Float32Array> = {};
      for (const [name, signal] of names) {
        const shape = shapes.taken.get(name) ?? [];
        const data = new Float32Array(count * sizeOfShape(shape));
        out[signal] = data;
        feed.inputs.set(inputName(slot, name), { shape: [count, ...shape], data });
      }
      await examples.read(list, out);
    }
  }
  for (const [name, draw] of drawsOf(augmentation)) {
    const sequence = random.at(`augmentation/${stream}/${name}`, position);
    const full = inputName(slot, name);
    if (draw.per === 'batch') {
      feed.scalars.set(full, fixed[name] ?? drawOne(draw, sequence));
      continue;
    }
    const shape = drawShape(draw, count, shapeOfDraw(augmentation, name, shapes.taken));
    const data = new Float32Array(sizeOfShape(shape));
    const value = fixed[name];
    if (value === undefined) fillDraw(draw, sequence, data);
    else data.fill(value);
    feed.inputs.set(full, { shape, data });
  }
}

/**
 * A sequence's takes with the signals they take, in as few reads as can be: two takes of one signal
 * need two.
 */
function apart(
  { takes }: Augmentation,
  sequence: string,
): (readonly (readonly [name: string, signal: string])[])[] {
  const reads: [string, string][][] = [];
  for (const [name, { signal, sequence: own = 'example' }] of Object.entries(takes)) {
    if (own !== sequence) continue;
    const free = reads.find((read) => read.every(([, other]) => other !== signal));
    if (free === undefined) reads.push([[name, signal]]);
    else free.push([name, signal]);
  }
  return reads;
}

/** What a batch source needs to know of a training step. */
export interface BatchNeeds extends Pick<TrainingStep, 'batches' | 'draws'> {
  /** Phases draw independently of each other. */
  readonly phase: { readonly name: string };
}

/** Produces the feed of any update of a phase, without those before it. */
export class BatchSource {
  constructor(
    private readonly examples: Examples,
    private readonly parts: BatchParts,
    private readonly sampler: Sampler,
    private readonly batchSize: number,
  ) {}

  /** @param update 1, 2, … in the phase */
  async at(step: BatchNeeds, update: number): Promise<ProgramFeed> {
    const feed: ProgramFeed = { inputs: new Map(), scalars: new Map() };
    const { batches, draws } = step;
    const phase = step.phase.name;
    const { augmentation, random } = this.parts;
    for (let slot = 0; slot < batches; slot++) {
      const stream = `${phase}/${slot}`;
      const indexes = sequencesOf(augmentation).map(
        (name) => [name, this.sampler(`${stream}/${name}`, update, this.batchSize)] as const,
      );
      const request = { slot, stream, position: update, examples: Object.fromEntries(indexes) };
      await feedBatch(feed, this.examples, this.parts, request);
    }
    for (const [name, { draw, stream, signal }] of draws) {
      const shape = drawShape(draw, this.batchSize, signal);
      const data = new Float32Array(sizeOfShape(shape));
      fillDraw(draw, random.at(stream, update), data);
      if (draw.per === 'batch') feed.scalars.set(name, data[0] ?? NaN);
      else feed.inputs.set(name, { shape, data });
    }
    return feed;
  }
}
