import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { badContribution } from '../errors/plugin.js';
import type { RandomStreams } from '../random/streams.js';
import type { HostTensor } from '../engine/types.js';
import { Layers, type ParameterSource } from './layers.js';
import type { Images, Initializer, NetworkDefinition, ParameterSpec } from './types.js';

export interface DeclaredNetwork {
  readonly definition: NetworkDefinition;
  readonly parameters: readonly ParameterSpec[];
  /** Shape of the output for one image, without the batch. */
  readonly outputShape: readonly number[];
  /** Multiply-adds of one forward pass of one image, in convolutions and dense layers. */
  readonly multiplyAdds: number;
}

/** Learns a network's parameters and shapes by running it on stand-ins; nothing heavy is computed. */
export function declareNetwork(
  definition: NetworkDefinition,
  [height, width]: readonly [number, number],
): DeclaredNetwork {
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
      parameters.set(name, { name, shape: [...shape], initializer, role });
      return tf.zeros([...shape]);
    };
  const source: ParameterSource = {
    weight: declare('weight'),
    statistic: declare('statistic'),
    standIn: (shape, work) => {
      multiplyAdds += work;
      return tf.zeros([...shape]);
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
  const outputShape = tf.tidy(() => {
    const inputs: Record<string, Tensor4D> = {};
    for (const [role, channels] of Object.entries(definition.inputs)) {
      inputs[role] = tf.zeros([1, height, width, channels]);
    }
    return definition.forward(new Layers(source), inputs).shape.slice(1);
  });
  return { definition, parameters: [...parameters.values()], outputShape, multiplyAdds };
}

/** Number of learned values. */
export function weightCount(network: DeclaredNetwork): number {
  return network.parameters
    .filter((p) => p.role === 'weight')
    .reduce((sum, p) => sum + tf.util.sizeFromShape([...p.shape]), 0);
}

/** The network's parameters at the start, each from its own random stream. */
export function initialParameters(
  network: DeclaredNetwork,
  random: RandomStreams,
): Map<string, HostTensor> {
  const result = new Map<string, HostTensor>();
  for (const { name, shape, initializer } of network.parameters) {
    const full = `${network.definition.name}/${name}`;
    const data = new Float32Array(tf.util.sizeFromShape([...shape]));
    initializer(data, shape, random.at(`initial/${full}`));
    result.set(full, { shape, data });
  }
  return result;
}

const ignored = { moments: () => undefined, assign: () => undefined };

/** Runs a declared network on the tensors of a state. */
export function applyNetwork(
  network: DeclaredNetwork,
  state: ReadonlyMap<string, Tensor>,
  inputs: Images,
  normalisation: 'batch' | 'moving',
  told: Pick<ParameterSource, 'moments' | 'assign' | 'observe'> = ignored,
): Tensor4D {
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
    network.definition.forward(new Layers(source), inputs),
  );
}
