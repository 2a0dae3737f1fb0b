import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { checkSize } from '../errors/memory.js';
import { badContribution } from '../errors/plugin.js';
import type { RandomStreams } from '../random/streams.js';
import type { HostTensor } from '../engine/types.js';
import { Layers, type ParameterSource } from './layers.js';
import type { Shape } from '../data/types.js';
import { blankInputs, inputShapes } from './shapes.js';
import { countedOnStandIns, standIn } from './stand-ins.js';
import type { Initializer, NetworkDefinition, ParameterSpec, Signals } from './types.js';

export interface DeclaredNetwork {
  readonly definition: NetworkDefinition;
  readonly parameters: readonly ParameterSpec[];
  /** Shapes of what it is given, without the batch. */
  readonly inputShapes: ReadonlyMap<string, Shape>;
  /** Shape of the output, without the batch. */
  readonly outputShape: Shape;
  /**
   * Multiply-adds of one forward pass of one example: in layers, and in such convolutions and matrix
   * products as the network asks tf.js for itself.
   */
  readonly multiplyAdds: number;
}

/**
 * Learns a network's parameters and shapes by running it on stand-ins; nothing heavy is computed.
 * @param made shapes by role that its inputs may name
 */
export function declareNetwork(
  definition: NetworkDefinition,
  made: ReadonlyMap<string, Shape>,
): DeclaredNetwork {
  const inputs = inputShapes(definition, made);
  const parameters = new Map<string, ParameterSpec>();
  let multiplyAdds = 0;
  const declare =
    (role: ParameterSpec['role']) =>
    (name: string, shape: readonly number[], initializer: Initializer): Tensor => {
      const known = parameters.get(name);
      if (known !== undefined && known.shape.join() !== shape.join()) {
        throw badContribution(
          `Network '${definition.name}' uses '${name}' with two shapes: [${known.shape.join(', ')}] and [${shape.join(', ')}].`,
          'Give each layer a name of its own.',
        );
      }
      checkSize(`'${definition.name}/${name}'`, shape, tf.util.sizeFromShape([...shape]));
      parameters.set(name, { name, shape: [...shape], initializer, role });
      return standIn(shape);
    };
  const source: ParameterSource = {
    weight: declare('weight'),
    statistic: declare('statistic'),
    standIn: (shape, work) => {
      multiplyAdds += work;
      return standIn(shape);
    },
    normalisation: 'moving',
    moments: () => undefined,
    assign: (name, value) => {
      const shape = parameters.get(name)?.shape;
      if (shape?.join() === value.shape.join()) return;
      throw badContribution(
        `Network '${definition.name}' sets the buffer '${name}' to a tensor of shape [${value.shape.join(', ')}]; ${shape === undefined ? 'it has no such buffer' : `[${shape.join(', ')}] was expected`}.`,
        'Ask for it with layers.buffer(name, shape, initializer) first.',
      );
    },
  };
  const { result: outputShape, multiplyAdds: others } = countedOnStandIns(() =>
    tf.tidy(() => definition.forward(new Layers(source), blankInputs(inputs)).shape.slice(1)),
  );
  return {
    definition,
    parameters: [...parameters.values()],
    inputShapes: inputs,
    outputShape,
    multiplyAdds: multiplyAdds + others,
  };
}

/** Number of learned values. */
export function weightCount(network: DeclaredNetwork): number {
  return network.parameters
    .filter((p) => p.role === 'weight')
    .reduce((sum, p) => sum + tf.util.sizeFromShape([...p.shape]), 0);
}

/** A parameter before its first values are drawn. */
export interface Undrawn {
  /** In the state. */
  readonly name: string;
  readonly shape: readonly number[];
  /** @param arrayOf gives an array of so many zeros; it may be the same again, if the caller copies it */
  readonly draw: (arrayOf: (length: number) => Float32Array) => HostTensor;
}

/** The stream that a parameter's first values come from. @param name in the state */
export const initialStream = (name: string): string => `initial/${name}`;

/** The network's parameters at the start, each from its own random stream. */
export function undrawnParameters(network: DeclaredNetwork, random: RandomStreams): Undrawn[] {
  return network.parameters.map(({ name: own, shape, initializer }) => {
    const name = `${network.definition.name}/${own}`;
    const draw = (arrayOf: (length: number) => Float32Array): HostTensor => {
      const data = arrayOf(tf.util.sizeFromShape([...shape]));
      initializer(data, shape, random.at(initialStream(name)));
      return { shape, data };
    };
    return { name, shape, draw };
  });
}

/** The same, drawn. */
export function initialParameters(
  network: DeclaredNetwork,
  random: RandomStreams,
): Map<string, HostTensor> {
  const drawn = undrawnParameters(network, random).map(
    ({ name, draw }) => [name, draw((length) => new Float32Array(length))] as const,
  );
  return new Map(drawn);
}

/** Whether it behaves differently with the statistics of a batch. */
export const hasStatistics = ({ parameters }: DeclaredNetwork): boolean =>
  parameters.some(({ role }) => role === 'statistic');

/** Whether an input may have a shape: the declared one, but for axes of any length. */
export function fitsShape({ anyLength = [] }: NetworkDefinition, given: Shape, declared: Shape) {
  return (
    given.length === declared.length &&
    declared.every((side, axis) => given[axis] === side || anyLength.includes(axis))
  );
}

/** @throws NcnError where an input is missing or of another shape than was declared */
function checkInputs({ definition, inputShapes: shapes }: DeclaredNetwork, inputs: Signals): void {
  for (const [name, shape] of shapes) {
    const given = inputs[name]?.shape.slice(1);
    if (given !== undefined && fitsShape(definition, given, shape)) continue;
    const what = given === undefined ? 'is missing' : `has the shape [batch, ${given.join(', ')}]`;
    throw badContribution(
      `The input '${name}' of network '${definition.name}' ${what}; [batch, ${shape.join(', ')}] was expected.`,
    );
  }
}

const ignored = { moments: () => undefined, assign: () => undefined };

/** Runs a declared network on the tensors of a state. */
export function applyNetwork(
  network: DeclaredNetwork,
  state: ReadonlyMap<string, Tensor>,
  inputs: Signals,
  normalisation: 'batch' | 'moving',
  told: Pick<ParameterSource, 'moments' | 'assign' | 'observe'> = ignored,
): Tensor {
  checkInputs(network, inputs);
  const find = (name: string): Tensor => {
    const tensor = state.get(`${network.definition.name}/${name}`);
    if (tensor !== undefined) return tensor;
    throw badContribution(
      `Network '${network.definition.name}' asks for the parameter '${name}', which it did not declare.`,
      'forward() must use the same layers in every call.',
    );
  };
  const source: ParameterSource = { weight: find, statistic: find, normalisation, ...told };
  return withScope(`/${network.definition.name}`, () =>
    network.definition.forward(new Layers(source), declaredOf(network, inputs)),
  );
}

/** Of what a network is given, the inputs that it declares, in its order. */
const declaredOf = ({ inputShapes }: DeclaredNetwork, inputs: Signals): Signals =>
  Object.fromEntries(
    [...inputShapes.keys()].flatMap((name) => {
      const tensor = inputs[name];
      return tensor === undefined ? [] : [[name, tensor] as const];
    }),
  );
