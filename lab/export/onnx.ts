import type { Shape } from '../../core/data/types.js';
import type { Trained } from '../../core/open/experiment.js';
import type { Manifest } from '../../core/run/manifest.js';
import type { DeclaredNetwork } from '../../core/step/declare.js';
import {
  buildInference,
  evaluatedPrefix,
  outputName,
  stateOfMain,
} from '../../core/step/inference.js';
import { buildStream, type NetworkStream } from '../../core/step/stream.js';
import { version } from '../../core/version.js';
import { exportModel } from '../../engines/compiled/index.js';
import { exportDiffers } from '../errors/export.js';
import { compareModel } from './check.js';
import { examplesFor } from './examples.js';
import { compareStream, pastName, piecesChecked, withoutState } from './stream.js';

/** Examples that a model is compared on, at most. */
const checked = 64;

/**
 * Greatest difference of a value between the model and the engine; in units of the greatest value
 * of the output where that is above 1.
 */
export const exportTolerance = 1e-4;

export interface Exported {
  readonly model: Uint8Array;
  /** On how many of what the model was compared with the engine: `64 test examples`. */
  readonly checked: string;
  /** The greatest difference of a value. */
  readonly difference: number;
  /** Where it is a model of one piece: how to run it. */
  readonly stream?: NetworkStream;
}

/**
 * The trained main network as an ONNX model: its inputs by name → `output`, each float32
 * [batch, …its shape], batch normalisation with the moving averages. A network that can run piece by
 * piece becomes the model of one piece, with what it remembers as inputs `past/…` (zeros at the start)
 * and outputs `next/…`. Compared with the engine before it is returned.
 * @param whole a model of whole examples, also of such a network
 * @throws NcnError where it cannot be exported, or computes something else
 */
export async function exportOnnx(
  trained: Trained,
  manifest: Manifest,
  { whole = false } = {},
): Promise<Exported> {
  const { prepared, session } = trained;
  const { networks, blueprint } = prepared.built;
  const network = networks.get(blueprint.main);
  if (network === undefined) throw new TypeError('an experiment has a main network');
  const prefix = evaluatedPrefix(blueprint.stateTransforms);
  const streams = !whole && network.definition.stream !== undefined;
  const stream = streams ? buildStream(network, prefix) : undefined;
  const shapes = stream === undefined ? network.inputShapes : withMemory(stream);
  const model = exportModel({
    program: stream === undefined ? buildInference(network, prefix) : withoutState(stream),
    state: stateOfMain(trained.checkpoint.tensors, blueprint.main, prefix),
    signature: (batch) => ({
      inputs: new Map([...shapes].map(([name, shape]) => [name, [batch, ...shape]])),
      scalars: [],
    }),
    name: blueprint.main,
    producer: { name: 'ncn', version },
    description: `Noise Cancelling Network: the network '${blueprint.main}' of the experiment ${manifest.preset}.`,
    metadata: describe(trained, manifest, network, shapes, stream),
  });
  if (stream !== undefined) {
    const { difference, scale } = await compareStream(model, stream, trained);
    check(difference, scale, session.engine.name);
    return { model, checked: `${piecesChecked} random pieces`, difference, stream };
  }
  const examples = await examplesFor(trained, network, checked);
  const difference = await compareModel(model, examples, outputName);
  const scale = examples.output.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  check(difference, scale, session.engine.name);
  return { model, checked: `${examples.count} ${examples.from} examples`, difference };
}

function check(difference: number, scale: number, engine: string): void {
  if (difference <= exportTolerance * scale) return;
  throw exportDiffers(difference, exportTolerance * scale, engine);
}

/** Shapes of a piece of each input and of what is remembered, without the batch. */
const withMemory = ({ inputShapes, memory }: NetworkStream): Map<string, Shape> =>
  new Map([
    ...inputShapes,
    ...[...memory].map(([name, { shape }]) => [pastName(name), shape.slice(1)] as const),
  ]);

/** For whoever loads the model: what it comes from, and what each of its ends is. */
function describe(
  { directory, checkpoint }: Trained,
  manifest: Manifest,
  { definition, outputShape }: DeclaredNetwork,
  shapes: ReadonlyMap<string, Shape>,
  stream: NetworkStream | undefined,
): Record<string, string> {
  const type = (shape: readonly number[]): string => `float32 [${['batch', ...shape].join(', ')}]`;
  const inputs = [...shapes].map(([name, shape]) => {
    const role = definition.inputs[name];
    const of = typeof role === 'string' ? `; role '${role}' of the batch` : '';
    return [`input.${name}`, `${type(shape)}${of}`] as const;
  });
  const piece =
    stream === undefined
      ? {}
      : { hop: String(stream.hop), latency: String(stream.latency), memory: 'past/… from next/…' };
  const output = stream === undefined ? outputShape : [stream.hop, ...outputShape.slice(1)];
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
    ...piece,
    [outputName]: type(output),
  };
}
