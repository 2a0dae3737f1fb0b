import type { Dataset } from '../data/types.js';
import type { EngineSession, HostTensor } from '../engine/types.js';
import { engineFailed } from '../errors/engine.js';
import type { DenoiseRequest, DenoiseResult, EvaluationContext } from '../hooks/payloads.js';
import type { RandomStreams } from '../random/streams.js';
import { inputName } from '../step/augment.js';
import type { DeclaredNetwork } from '../step/declare.js';
import { buildEvaluation } from '../step/inference.js';
import type { Augmentation } from '../step/types.js';
import { feedBatch, type ProgramFeed } from './batches.js';

/** What evaluations use: the generator as it is now, on images of the test split. */
export class Evaluator implements EvaluationContext {
  private readonly program;

  constructor(
    readonly dataset: Dataset,
    private readonly session: EngineSession,
    private readonly augmentation: Augmentation,
    private readonly random: RandomStreams,
    networks: ReadonlyMap<string, DeclaredNetwork>,
    readonly safePoint: () => Promise<void>,
  ) {
    this.program = buildEvaluation(augmentation, networks);
  }

  async denoise(request: DenoiseRequest): Promise<DenoiseResult> {
    const feed: ProgramFeed = { inputs: new Map(), scalars: new Map() };
    feedBatch(feed, this.dataset.test, this.augmentation, this.random, {
      slot: 0,
      targets: request.targets,
      references: request.references,
      stream: request.stream,
      position: request.position,
      fixed: request.draws,
    });
    const outputs = await this.session.run(this.program, feed.inputs, feed.scalars);
    const read = await outputs.read();
    const image = (name: string): Float32Array => dataOf(read, name, this.session.engine.name);
    const { height, width } = this.dataset.test;
    return {
      count: request.targets.length,
      height,
      width,
      input: image('input'),
      reference: image('reference'),
      target: image('target'),
      output: image('output'),
      outputBatch: image('output_batch'),
      plainReference: dataOf(feed.inputs, inputName(0, 'reference'), this.session.engine.name),
    };
  }
}

function dataOf(
  tensors: ReadonlyMap<string, HostTensor>,
  name: string,
  engine: string,
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw engineFailed(engine, `the evaluation gave no '${name}'`);
  return tensor.data;
}
