import type { Dataset } from '../../data/types.js';
import type { EngineSession, HostTensor, Program } from '../../engine/types.js';
import { didYouMean } from '../../errors/nearest.js';
import { badContribution } from '../../errors/plugin.js';
import type { EvaluatedBatch } from '../../evaluation/batch.js';
import { measureBatch, type Measured } from '../../evaluation/measure.js';
import type { Metric } from '../../evaluation/metric.js';
import type { BatchRequest, EvaluationContext, InferRequest } from '../../hooks/payloads.js';
import type { RandomStreams } from '../../random/streams.js';
import { inputName, sequencesOf, takenShapes } from '../../step/augment.js';
import { fitsShape, type DeclaredNetwork } from '../../step/declare.js';
import {
  buildEvaluation,
  buildInference,
  evaluatedPrefix,
  madePrefix,
  outputBatchName,
  outputName,
  transformPrefix,
} from '../../step/inference.js';
import type { Built } from '../build/build.js';
import { feedBatch, type ProgramFeed } from './batches.js';

/** What evaluations use: the networks as they are now. */
export class Evaluator implements EvaluationContext {
  private readonly programs = new Map<string, Program>();
  readonly metrics: readonly Metric[];
  readonly main: string;
  readonly sequences: readonly string[];

  constructor(
    readonly dataset: Dataset,
    private readonly session: EngineSession,
    private readonly built: Pick<Built, 'blueprint' | 'networks' | 'metrics'>,
    private readonly random: RandomStreams,
    readonly safePoint: () => Promise<void>,
  ) {
    this.metrics = built.metrics;
    this.main = built.blueprint.main;
    this.sequences = sequencesOf(built.blueprint.augmentation);
  }

  readonly measure = (batch: EvaluatedBatch): Promise<Measured> =>
    measureBatch(this.metrics, batch);

  readonly batch = async (request: BatchRequest): Promise<EvaluatedBatch> => {
    const { blueprint, networks } = this.built;
    const { augmentation } = blueprint;
    const { split = 'test', examples, draws = {}, stream, position, weights } = request;
    const count = this.checkExamples(examples);
    checkDraws(draws, Object.keys(augmentation.draws));
    const feed: ProgramFeed = { inputs: new Map(), scalars: new Map() };
    // Examples of a split may be longer than those of training.
    const taken = takenShapes(augmentation, this.dataset[split].signals);
    const shapes = { ...blueprint.shapes, taken };
    const parts = { augmentation, shapes, random: this.random };
    const slot = { slot: 0, examples, stream, position, fixed: draws };
    await feedBatch(feed, this.dataset[split], parts, slot);
    const prefix = this.prefixOf(weights);
    const program = this.program(`batch:${prefix}`, () =>
      buildEvaluation(augmentation, networks, this.network(this.main), prefix),
    );
    const outputs = await this.session.run(program, feed.inputs, feed.scalars);
    const read = await outputs.read();
    const made = [...read].filter(([name]) => name.startsWith(madePrefix));
    const output = read.get(outputName);
    if (output === undefined) throw badContribution('The evaluation gave no output.');
    return {
      count,
      signals: new Map(made.map(([name, t]) => [name.slice(madePrefix.length), t])),
      taken: new Map(
        [...shapes.taken.keys()].flatMap((name) => {
          const tensor = feed.inputs.get(inputName(0, name));
          return tensor === undefined ? [] : [[name, tensor] as const];
        }),
      ),
      output,
      outputBatch: read.get(outputBatchName),
    };
  };

  readonly infer = async (request: InferRequest): Promise<HostTensor> => {
    const { network: name = this.main, inputs, normalisation = 'moving', weights } = request;
    const network = this.network(name);
    const prefix = name === this.main ? this.prefixOf(weights) : '';
    const given = new Map(Object.entries(inputs));
    for (const [input, shape] of network.inputShapes) {
      const found = given.get(input)?.shape;
      if (found !== undefined && fitsShape(network.definition, found.slice(1), shape)) continue;
      throw badContribution(
        `Network '${name}' needs '${input}' of shape [count, ${shape.join(', ')}]; ${found === undefined ? 'it is missing' : `[${found.join(', ')}] was given`}.`,
        `It takes ${[...network.inputShapes.keys()].join(', ')}.`,
      );
    }
    const program = this.program(`infer:${prefix}${name}:${normalisation}`, () =>
      buildInference(network, prefix, normalisation),
    );
    const outputs = await this.session.run(program, given, new Map());
    const output = (await outputs.read()).get(outputName);
    if (output === undefined) throw badContribution(`Network '${name}' gave no output.`);
    return output;
  };

  /** Made once for each key, so that an engine compiles it once. */
  private program(key: string, make: () => Program): Program {
    const program = this.programs.get(key) ?? make();
    this.programs.set(key, program);
    return program;
  }

  private network(name: string): DeclaredNetwork {
    const { networks } = this.built;
    const network = networks.get(name);
    if (network !== undefined) return network;
    throw badContribution(
      `An evaluation runs the network '${name}', which no plugin provides.`,
      didYouMean(name, networks.keys()),
    );
  }

  /** @returns how many there are @throws NcnError where a sequence is missing or of another length */
  private checkExamples(examples: BatchRequest['examples']): number {
    const [first = ''] = this.sequences;
    const count = examples[first]?.length ?? 0;
    const unknown = Object.keys(examples).find((name) => !this.sequences.includes(name));
    const short = this.sequences.find((name) => examples[name]?.length !== count);
    if (unknown === undefined && short === undefined && count > 0) return count;
    throw badContribution(
      `An evaluation gives indexes of ${Object.entries(examples)
        .map(([name, { length }]) => `'${name}' (${length})`)
        .join(
          ', ',
        )}; equally many of ${this.sequences.map((name) => `'${name}'`).join(' and ')} were expected.`,
      'These are the sequences of examples that the augmentation takes: context.sequences.',
    );
  }

  /** @throws NcnError where no transform of the main network has this name */
  private prefixOf(weights: BatchRequest['weights']): string {
    const { stateTransforms } = this.built.blueprint;
    if (weights === undefined) return evaluatedPrefix(stateTransforms);
    if (weights === null) return '';
    const names = stateTransforms.filter((t) => t.network === this.main).map(({ name }) => name);
    if (names.includes(weights)) return transformPrefix(weights);
    throw badContribution(
      `An evaluation asks for the weights '${weights}', which no plugin keeps for '${this.main}'.`,
      didYouMean(weights, names),
    );
  }
}

/** @throws NcnError for a draw that the augmentation does not have: it would have no effect */
function checkDraws(draws: Readonly<Record<string, number>>, known: readonly string[]): void {
  const unknown = Object.keys(draws).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw badContribution(
    `An evaluation fixes the draw '${unknown}', which the augmentation does not have; it draws ${known.length === 0 ? 'nothing' : known.join(', ')}.`,
    didYouMean(unknown, known),
  );
}
