import { sizeOfShape } from '../../core/data/examples.js';
import type { HostTensor } from '../../core/engine/types.js';
import type { Trained } from '../../core/open/experiment.js';
import type { DeclaredNetwork } from '../../core/step/declare.js';
import type { Expected } from './check.js';

export interface CheckExamples extends Expected {
  /** Held-out ones of the data set, or random numbers. */
  readonly from: 'test' | 'random';
}

/**
 * Examples to check the main network on, with what the engine makes of them: those of the test set,
 * put together as for an evaluation, or, for inputs that are no roles of a batch, random numbers
 * from 0 to 1.
 * @param most how many
 */
export async function examplesFor(
  { prepared, evaluator }: Trained,
  network: DeclaredNetwork,
  most: number,
): Promise<CheckExamples> {
  const { dataset, random } = prepared;
  const roles = Object.entries(network.definition.inputs);
  if (roles.every(([, role]) => typeof role === 'string')) {
    const count = Math.min(most, dataset.test.count);
    const indexes = evaluator.sequences.map((name) => {
      const order = random.at(`export/${name}`).permutation(dataset.test.count);
      return [name, order.slice(0, count)] as const;
    });
    const examples = Object.fromEntries(indexes);
    const { signals, output } = await evaluator.batch({ examples, stream: 'export', position: 0 });
    const inputs = roles.flatMap(([name, role]) => {
      const signal = signals.get(String(role));
      return signal === undefined ? [] : [[name, signal] as const];
    });
    return { from: 'test', count, inputs: new Map(inputs), output };
  }
  const inputs = new Map(
    [...network.inputShapes].map(([name, shape]): [string, HostTensor] => {
      const numbers = random.at(`export/inputs/${name}`);
      const data = Float32Array.from({ length: most * sizeOfShape(shape) }, () =>
        numbers.uniform(),
      );
      return [name, { shape: [most, ...shape], data }];
    }),
  );
  const output = await evaluator.infer({ inputs: Object.fromEntries(inputs) });
  return { from: 'random', count: most, inputs, output };
}
