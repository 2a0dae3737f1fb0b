import { exportModel } from '../../engines/compiled/index.js';
import type { EngineSession } from '../../core/engine/types.js';
import { exportDiffers } from '../errors/export.js';
import type { Checkpoint } from '../../core/run/checkpoints.js';
import { buildDenoiser, evaluatedPrefix } from '../../core/step/inference.js';
import { Evaluator } from '../../core/trainer/loop/evaluator.js';
import type { Manifest } from '../../core/run/manifest.js';
import type { Prepared } from '../../core/trainer/build/prepare.js';
import { version } from '../../core/version.js';
import { compareModel } from './check.js';

/** Test images that a model is compared on. */
const checkedImages = 64;

/** Greatest difference of a pixel (0 … 1) between the model and the engine. */
export const exportTolerance = 1e-4;

export interface ExportSource {
  readonly run: string;
  readonly manifest: Manifest;
  readonly prepared: Prepared;
  readonly checkpoint: Checkpoint;
  /** Holds the checkpoint's state. */
  readonly session: EngineSession;
}

export interface Exported {
  readonly model: Uint8Array;
  /** Test images on which the model was compared with the engine. */
  readonly images: number;
  /** The greatest difference of a pixel. */
  readonly difference: number;
}

/**
 * The trained generator as an ONNX model: `input` and `reference` → `output`, each float32
 * [batch, height, width, 1] in 0 … 1, batch normalisation with the moving averages. Compared with
 * the engine on test images before it is returned.
 * @throws NcnError where it cannot be exported, or computes something else
 */
export async function exportOnnx(source: ExportSource): Promise<Exported> {
  const { prepared, checkpoint } = source;
  const { networks, blueprint } = prepared.built;
  const [height, width] = blueprint.imageSize;
  const model = exportModel({
    program: buildDenoiser(networks, evaluatedPrefix(blueprint.stateTransforms)),
    state: checkpoint.tensors,
    signature: (batch) => ({
      inputs: new Map(['input', 'reference'].map((role) => [role, [batch, height, width, 1]])),
      scalars: [],
    }),
    name: 'generator',
    producer: { name: 'ncn', version },
    description:
      'Noise Cancelling Network: returns the wanted signal from a mixture and the known reference.',
    metadata: describe(source, height, width),
  });
  const count = Math.min(checkedImages, prepared.dataset.test.count);
  const difference = await compareModel(model, await heldOut(source, count));
  if (!(difference <= exportTolerance)) {
    throw exportDiffers(difference, exportTolerance, source.session.engine.name);
  }
  return { model, images: count, difference };
}

/** What the engine makes of mixtures of test images. */
async function heldOut({ prepared, session }: ExportSource, count: number) {
  const { dataset, built, random } = prepared;
  const evaluator = new Evaluator(dataset, session, built, random, () => Promise.resolve());
  return evaluator.denoise({
    targets: random.at('export/target').permutation(dataset.test.count).slice(0, count),
    references: random.at('export/reference').permutation(dataset.test.count).slice(0, count),
    draws: {},
    stream: 'export',
    position: 0,
  });
}

function describe(
  { run, manifest, checkpoint }: ExportSource,
  height: number,
  width: number,
): Record<string, string> {
  const images = `float32, [batch, ${height}, ${width}, 1]`;
  return {
    preset: manifest.preset,
    profile: manifest.profile,
    ...(manifest.variant === null ? {} : { variant: manifest.variant }),
    run,
    seed: String(manifest.seed),
    update: String(checkpoint.update),
    state: checkpoint.contentHash,
    dataset: `${manifest.dataset.name} ${manifest.dataset.hash}`,
    input: `${images}; the mixture, grey from 0 to 1`,
    reference: `${images}; the reference as the network was trained to see it, grey from 0 to 1`,
    output: `${images}; the wanted signal, grey from 0 to 1`,
  };
}
