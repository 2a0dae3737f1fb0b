import type { Trained } from '../../core/open/experiment.js';
import type { Manifest } from '../../core/run/manifest.js';
import type { DeclaredNetwork } from '../../core/step/declare.js';
import { buildInference, evaluatedPrefix, outputName } from '../../core/step/inference.js';
import { version } from '../../core/version.js';
import { exportModel } from '../../engines/compiled/index.js';
import { exportDiffers } from '../errors/export.js';
import { compareModel } from './check.js';
import { examplesFor, type CheckExamples } from './examples.js';

/** Examples that a model is compared on, at most. */
const checked = 64;

/**
 * Greatest difference of a value between the model and the engine; in units of the greatest value
 * of the output where that is above 1.
 */
export const exportTolerance = 1e-4;

export interface Exported {
  readonly model: Uint8Array;
  /** Examples on which the model was compared with the engine, and where they are from. */
  readonly examples: number;
  readonly from: CheckExamples['from'];
  /** The greatest difference of a value. */
  readonly difference: number;
}

/**
 * The trained main network as an ONNX model: its inputs by name → `output`, each float32
 * [batch, …its shape], batch normalisation with the moving averages. Compared with the engine
 * before it is returned.
 * @throws NcnError where it cannot be exported, or computes something else
 */
export async function exportOnnx(trained: Trained, manifest: Manifest): Promise<Exported> {
  const { prepared, checkpoint, session } = trained;
  const { networks, blueprint } = prepared.built;
  const network = networks.get(blueprint.main);
  if (network === undefined) throw new TypeError('an experiment has a main network');
  const { inputShapes } = network;
  const model = exportModel({
    program: buildInference(network, evaluatedPrefix(blueprint.stateTransforms)),
    state: checkpoint.tensors,
    signature: (batch) => ({
      inputs: new Map([...inputShapes].map(([name, shape]) => [name, [batch, ...shape]])),
      scalars: [],
    }),
    name: blueprint.main,
    producer: { name: 'ncn', version },
    description: `Noise Cancelling Network: the network '${blueprint.main}' of the experiment ${manifest.preset}.`,
    metadata: describe(trained, manifest, network),
  });
  const examples = await examplesFor(trained, network, checked);
  const difference = await compareModel(model, examples, outputName);
  const scale = examples.output.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  if (!(difference <= exportTolerance * scale)) {
    throw exportDiffers(difference, exportTolerance * scale, session.engine.name);
  }
  return { model, examples: examples.count, from: examples.from, difference };
}

/** For whoever loads the model: what it comes from, and what each of its ends is. */
function describe(
  { directory, checkpoint }: Trained,
  manifest: Manifest,
  { definition, inputShapes, outputShape }: DeclaredNetwork,
): Record<string, string> {
  const type = (shape: readonly number[]): string => `float32 [${['batch', ...shape].join(', ')}]`;
  const inputs = Object.entries(definition.inputs).map(([name, role]) => {
    const of = typeof role === 'string' ? `; role '${role}' of the batch` : '';
    return [`input.${name}`, `${type(inputShapes.get(name) ?? [])}${of}`] as const;
  });
  return {
    preset: manifest.preset,
    profile: manifest.profile,
    ...(manifest.variant === null ? {} : { variant: manifest.variant }),
    run: directory.name,
    seed: String(manifest.seed),
    update: String(checkpoint.update),
    state: checkpoint.contentHash,
    dataset: `${manifest.dataset.name} ${manifest.dataset.hash}`,
    ...Object.fromEntries(inputs),
    [outputName]: type(outputShape),
  };
}
