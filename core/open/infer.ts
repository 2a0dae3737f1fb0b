import type { Shape } from '../data/types.js';
import { sizeOfShape } from '../data/examples.js';
import type { HostTensor } from '../engine/types.js';
import { inputCounts, inputSize, missingInputs, unknownInput } from '../errors/open.js';
import { exampleAt } from '../evaluation/batch.js';
import type { Prepared } from '../trainer/build/prepare.js';
import type { Evaluator } from '../trainer/loop/evaluator.js';
import type { InferInputs, MainNetwork } from './types.js';

/** The main network as it is used. */
export function mainNetwork({ built: { networks, blueprint } }: Prepared): MainNetwork {
  const { main: name } = blueprint;
  const { inputShapes = new Map(), outputShape = [] } = networks.get(name) ?? {};
  return { name, inputs: inputShapes, output: outputShape };
}

/**
 * Checks that exactly a network's inputs are named.
 * @throws NcnError for one that it has not, or that is missing
 */
export function checkInputNames(
  { name: network, inputs }: Pick<MainNetwork, 'name' | 'inputs'>,
  names: Iterable<string>,
): void {
  const given = new Set(names);
  for (const name of given) if (!inputs.has(name)) throw unknownInput(network, name, inputs);
  const missing = [...inputs.keys()].filter((name) => !given.has(name));
  if (missing.length > 0) throw missingInputs(network, missing, inputs);
}

/** Runs the main network on one example of each input, or on a batch. */
export async function infer(
  evaluator: Evaluator,
  network: MainNetwork,
  given: InferInputs,
): Promise<HostTensor> {
  checkInputNames(network, Object.keys(given));
  const batches: Record<string, HostTensor> = {};
  const counts = new Map<string, number | undefined>();
  for (const [name, shape] of network.inputs) {
    const { count, tensor } = asBatch(network.name, name, shape, given[name]);
    batches[name] = tensor;
    counts.set(name, count);
  }
  if (new Set(counts.values()).size > 1) throw inputCounts(network.name, counts);
  const output = await evaluator.infer({ inputs: batches });
  const [single] = counts.values();
  return single === undefined ? exampleAt(output, 0) : output;
}

/** An input as a batch; `count` is undefined for one example. */
function asBatch(
  network: string,
  name: string,
  shape: Shape,
  given: Float32Array | HostTensor | undefined,
): { readonly count: number | undefined; readonly tensor: HostTensor } {
  const size = sizeOfShape(shape);
  const one = (data: Float32Array) => ({
    count: undefined,
    tensor: { shape: [1, ...shape], data },
  });
  if (given === undefined || given instanceof Float32Array) {
    const data = given ?? new Float32Array();
    const count = data.length / size;
    if (!Number.isSafeInteger(count) || count < 1) {
      throw inputSize(network, name, shape, `an array of ${data.length} numbers`);
    }
    return count === 1 ? one(data) : { count, tensor: { shape: [count, ...shape], data } };
  }
  const { shape: sides, data } = given;
  const fits = data.length === sizeOfShape(sides) && data.length > 0;
  if (fits && sides.join() === shape.join()) return one(data);
  if (fits && sides.slice(1).join() === shape.join()) return { count: sides[0], tensor: given };
  const what = `a tensor [${sides.join(', ')}] of ${data.length} numbers`;
  throw inputSize(network, name, shape, what);
}
