import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '../data/types.js';
import type { HostTensor, Program } from '../engine/types.js';
import { badContribution } from '../errors/plugin.js';
import type { DeclaredNetwork } from './declare.js';
import { outputName, withPrefix } from './inference.js';
import { Layers, type ParameterSource } from './layers.js';
import { need } from './plan.js';
import { blankInputs } from './shapes.js';
import { onStandIns, standIn } from './stand-ins.js';
import type { Signals } from './types.js';

const memoryPrefix = 'stream/';

/** A network that runs piece by piece, with a memory of what came before. */
export interface NetworkStream {
  /** Steps of a piece along the first axis. */
  readonly hop: number;
  /** Steps by which the output lags behind. */
  readonly latency: number;
  /** Shapes of its inputs for one piece, without the batch. */
  readonly inputShapes: ReadonlyMap<string, Shape>;
  /** Inputs by name → `output`; its memory is state, under the names of `memory`. */
  readonly program: Program;
  /** The memory at the start of a recording: zeros, [1, …] each. */
  readonly memory: ReadonlyMap<string, HostTensor>;
}

/**
 * The network as it runs on a recording in pieces.
 * @param prefix reads the network's state under this prefix
 * @throws NcnError where it does not say that it can
 */
export function buildStream(network: DeclaredNetwork, prefix = ''): NetworkStream {
  const { definition } = network;
  const { name, stream } = definition;
  if (stream === undefined) {
    throw badContribution(
      `Network '${name}' does not say that it can run piece by piece.`,
      'Where all that it remembers is layers.past and causal convolutions, it can: stream: { hop, latency }.',
    );
  }
  const { hop, latency } = stream;
  const inputShapes = new Map(
    [...network.inputShapes].map(([input, [, ...rest]]) => [input, [hop, ...rest]]),
  );
  const program: Program = {
    name: `stream/${prefix}${name}`,
    settled: (entry) => !entry.startsWith(memoryPrefix),
    body: ({ state, inputs }) => {
      const bound = withPrefix(state, prefix);
      const next = new Map<string, Tensor>();
      const find = (part: string): Tensor => need(bound, `${name}/${part}`);
      const source: ParameterSource = {
        ...deaf,
        weight: find,
        statistic: find,
        past: (part, x, steps) => {
          const key = memoryPrefix + part;
          const before = need(state, key);
          next.set(key, lastSteps(before, x, steps));
          return before;
        },
      };
      const given: Signals = Object.fromEntries(
        [...inputShapes.keys()].map((input) => [input, need(inputs, input)]),
      );
      const output = definition.forward(new Layers(source), given);
      return { state: next, outputs: new Map([[outputName, output]]) };
    },
  };
  return { hop, latency, inputShapes, program, memory: memoryOf(network, inputShapes) };
}

/** What is known of the next piece's past: the last steps of the past and this piece. */
function lastSteps(before: Tensor, x: Tensor, steps: number): Tensor {
  const all = tf.concat([before, x], 1);
  const [batch = 1, length = 0, ...rest] = all.shape;
  return tf.slice(all, [0, length - steps, ...rest.map(() => 0)], [batch, steps, ...rest]);
}

/** Finds what the network asks for, by running it on stand-ins. */
function memoryOf(
  { definition }: DeclaredNetwork,
  inputShapes: ReadonlyMap<string, Shape>,
): Map<string, HostTensor> {
  const memory = new Map<string, HostTensor>();
  const blank = (_name: string, shape: Shape): Tensor => standIn(shape);
  const source: ParameterSource = {
    ...deaf,
    weight: blank,
    statistic: blank,
    standIn: (shape) => standIn(shape),
    past: (name, x, steps) => {
      const shape = [1, steps, ...x.shape.slice(2)];
      if (memory.has(memoryPrefix + name)) {
        throw badContribution(
          `Network '${definition.name}' remembers '${name}' twice.`,
          'Give each a name of its own.',
        );
      }
      const data = new Float32Array(tf.util.sizeFromShape(shape));
      memory.set(memoryPrefix + name, { shape, data });
      return standIn(shape);
    },
  };
  onStandIns(() => tf.tidy(() => definition.forward(new Layers(source), blankInputs(inputShapes))));
  return memory;
}

const deaf = {
  normalisation: 'moving',
  moments: () => undefined,
  assign: () => undefined,
} as const;
