import { basename, dirname, extname, join } from 'node:path';
import type { Media } from '../core/data/medium.js';
import type { HostTensor } from '../core/engine/types.js';
import type { Trained } from '../core/open/experiment.js';
import { exampleAt } from '../core/evaluation/batch.js';
import { writeOutput } from '../core/run/output.js';
import { noExamples, noSuchExample } from './errors/signals.js';

/**
 * The inputs of a run's main network for an example of its test set, put together as for an
 * evaluation; where it takes several sequences of examples, the ones that follow.
 * @throws NcnError where there is no such example, or the network's inputs are not made of examples
 */
export async function exampleInputs(
  { prepared, evaluator }: Trained,
  index: number,
): Promise<ReadonlyMap<string, HostTensor>> {
  const { dataset, built } = prepared;
  const { count } = dataset.test;
  if (index >= count) throw noSuchExample(index, count);
  const examples = Object.fromEntries(
    evaluator.sequences.map((name, i) => [name, Uint32Array.of((index + i) % count)]),
  );
  const { signals } = await evaluator.batch({ examples, stream: 'denoise', position: 0 });
  const roles = Object.entries(built.networks.get(evaluator.main)?.definition.inputs ?? {});
  const inputs = roles.map(([input, role]) => {
    const signal = typeof role === 'string' ? signals.get(role) : undefined;
    if (signal === undefined) throw noExamples(input);
    return [input, exampleAt(signal, 0)] as const;
  });
  return new Map(inputs);
}

/** Where an input is written: beside the result, `clean.png` and `clean-input.png`. */
const besideOutput = (output: string, input: string, extension: string): string =>
  join(dirname(output), `${basename(output, extname(output))}-${input}${extension}`);

/**
 * Writes the inputs of an example beside the result, each as what its medium makes of it.
 * @returns their files, and for people the names and shapes of those that no medium fits
 */
export async function writeInputs(
  inputs: ReadonlyMap<string, HostTensor>,
  media: Media,
  output: string,
): Promise<{ readonly written: ReadonlyMap<string, string>; readonly others: readonly string[] }> {
  const written = new Map<string, string>();
  const others: string[] = [];
  for (const [input, signal] of inputs) {
    const medium = media.of(signal.shape);
    if (medium === undefined) {
      others.push(`'${input}' [${signal.shape.join(', ')}]`);
      continue;
    }
    const path = besideOutput(output, input, medium.extensions[0] ?? '');
    await writeOutput(path, await medium.encode(signal));
    written.set(input, path);
  }
  return { written, others };
}
