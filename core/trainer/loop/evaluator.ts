import type { Dataset } from '../../data/types.js';
import type { EngineSession, HostTensor, Program } from '../../engine/types.js';
import { engineFailed } from '../../../engines/errors/engine.js';
import { didYouMean } from '../../errors/nearest.js';
import { badContribution } from '../../errors/plugin.js';
import type {
  DenoiseRequest,
  DenoiseResult,
  EvaluationContext,
  EvaluationImages,
} from '../../hooks/payloads.js';
import type { RandomStreams } from '../../random/streams.js';
import { inputName } from '../../step/augment.js';
import { buildEvaluation, evaluatedPrefix, transformPrefix } from '../../step/inference.js';
import type { StateTransform } from '../../step/types.js';
import { feedBatch, type ProgramFeed } from './batches.js';
import type { Built } from '../build/build.js';

/** What evaluations use: the generator as it is now, on images of the test split. */
export class Evaluator implements EvaluationContext {
  private readonly programs = new Map<string, Program>();

  constructor(
    readonly dataset: Dataset,
    private readonly session: EngineSession,
    private readonly built: Pick<Built, 'blueprint' | 'networks' | 'metrics'>,
    private readonly random: RandomStreams,
    readonly safePoint: () => Promise<void>,
  ) {}

  measure(images: EvaluationImages): Map<string, number> {
    return new Map(this.built.metrics.map(({ name, value }) => [name, value(images)]));
  }

  async denoise(request: DenoiseRequest): Promise<DenoiseResult> {
    const feed: ProgramFeed = { inputs: new Map(), scalars: new Map() };
    feedBatch(feed, this.dataset.test, this.built.blueprint.augmentation, this.random, {
      slot: 0,
      targets: request.targets,
      references: request.references,
      stream: request.stream,
      position: request.position,
      fixed: request.draws,
    });
    const program = this.program(request.weights);
    const outputs = await this.session.run(program, feed.inputs, feed.scalars);
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

  /** The program for the weights asked for; made once, so that an engine compiles it once. */
  private program(weights: DenoiseRequest['weights']): Program {
    const { blueprint, networks } = this.built;
    const prefix = prefixOf(weights, blueprint.stateTransforms);
    const program =
      this.programs.get(prefix) ?? buildEvaluation(blueprint.augmentation, networks, prefix);
    this.programs.set(prefix, program);
    return program;
  }
}

/** @throws NcnError where no transform of the generator has this name */
function prefixOf(
  weights: DenoiseRequest['weights'],
  transforms: readonly StateTransform[],
): string {
  if (weights === undefined) return evaluatedPrefix(transforms);
  if (weights === null) return '';
  const names = transforms.filter((t) => t.network === 'generator').map(({ name }) => name);
  if (names.includes(weights)) return transformPrefix(weights);
  throw badContribution(
    `An evaluation asks for the weights '${weights}', which no plugin keeps for the generator.`,
    didYouMean(weights, names),
  );
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
