import type { EngineSession, HostTensor } from '../../engine/types.js';
import type { Inspection } from '../../hooks/payloads.js';
import type { BatchSource } from './batches.js';
import type { Built } from '../build/build.js';
import type { Position } from './position.js';

/** Examples in the batch that is looked at, at most: gradients need some, memory is dear. */
const maxBatch = 16;

/**
 * Looks inside the networks as they are, for `evaluationEnd`. It draws from streams of its own and
 * changes no state, so that a run which looks gives the same results as one which does not.
 * @param batches makes a source of batches of a given size
 */
export function makeInspector(
  { steps, networks }: Pick<Built, 'steps' | 'networks'>,
  session: EngineSession,
  batches: (size: number) => BatchSource,
  batchSize: number,
): (position: Position) => Promise<Inspection> {
  const source = batches(Math.min(batchSize, maxBatch));
  const parameterNames = [...networks].flatMap(([network, { parameters }]) =>
    parameters.map(({ name }) => `${network}/${name}`),
  );
  return async ({ phase, phaseUpdate }) => {
    const parameters = await session.read(parameterNames);
    // After the last update the position is behind the last phase.
    const step = steps[Math.min(phase, steps.length - 1)];
    const gradients = new Map<string, HostTensor>();
    const activations = new Map<string, HostTensor>();
    if (step === undefined) return { parameters, gradients, activations };
    const feed = await source.at({ ...step, phase: { name: 'inspection' } }, 1);
    const update = phase < steps.length ? Math.max(1, phaseUpdate) : step.phase.updates;
    const scalars = new Map([...step.scalars(update), ...feed.scalars]);
    const outputs = await session.run(step.inspection, feed.inputs, scalars);
    for (const [name, tensor] of await outputs.read()) {
      const [kind = '', ...rest] = name.split('/');
      (kind === 'gradient' ? gradients : activations).set(rest.join('/'), tensor);
    }
    return { parameters, gradients, activations };
  };
}
