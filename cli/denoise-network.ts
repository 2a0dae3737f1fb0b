import { basename, dirname, join } from 'node:path';
import { root } from '../core/modules/entries.js';
import type { Suppressor } from '../media/audio/denoise/live.js';
import { suppressorOf } from '../media/audio/denoise/suppressor.js';
import { pieceSamples, type WholeNetwork } from '../media/audio/denoise/whole.js';
import { nothingToDenoise } from '../core/errors/training.js';
import type { OpenExperiment, Trained } from '../core/open/experiment.js';
import { openContext } from './context.js';
import type { DenoiseOptions } from './denoise-options.js';
import { methodOrRun, unknownMethod } from './errors/signals.js';
import { openRun } from './open-run.js';

const methods = ['network', 'canceller'];

/** Inputs that there are of a recording. */
const known = ['input', 'reference', 'cancelled'];

/** How a recording is denoised. */
export interface Method {
  /** For people: `canceller`, or which network. */
  readonly name: string;
  /** What stands behind the canceller; undefined: nothing. */
  readonly suppressor?: Suppressor;
  /** A network that looks ahead, in place of one for blocks. */
  readonly whole?: WholeNetwork;
  readonly close: () => Promise<void>;
}

/** The model that comes with the package: a run that was trained before, stripped. */
export const packagedModel = join(
  basename(root) === 'dist' ? dirname(root) : root,
  'models/speech-small',
);

/**
 * The canceller alone, the network of a run behind it, or that which comes with the package.
 * @throws NcnError for a method that there is not, or a run without such a network
 */
export async function openMethod(options: DenoiseOptions): Promise<Method> {
  const { run, method = 'network' } = options;
  if (!methods.includes(method)) throw unknownMethod(method, methods);
  if (method === 'canceller') {
    if (run !== undefined) throw methodOrRun(run);
    return { name: method, close: () => Promise.resolve() };
  }
  const context = await openContext({ ...options, quiet: true });
  const name = run ?? packagedModel;
  const opened = await openRun(name, options, context);
  try {
    const whole = await wholeNetwork(opened, name);
    if (whole !== undefined) return { ...whole, close: () => opened.close() };
    const stream = await opened.stream();
    return {
      name: `network ${basename(name)}, update ${stream.update}`,
      suppressor: suppressorOf(stream),
      async close() {
        await stream.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The network of a run where it cannot run block by block; undefined where it can. */
async function wholeNetwork(
  run: OpenExperiment,
  name: string,
): Promise<Pick<Method, 'name' | 'whole'> | undefined> {
  const { built } = await run.outline();
  const { main } = built.blueprint;
  const network = built.networks.get(main);
  const names = [...(network?.inputShapes.keys() ?? [])];
  const { stream, anyLength = [] } = network?.definition ?? {};
  const fits = names.every((input) => known.includes(input));
  if (stream !== undefined || !anyLength.includes(0) || !fits) return undefined;
  const wholeOf = ({ evaluator, checkpoint }: Trained): Pick<Method, 'name' | 'whole'> => ({
    name: `network ${basename(name)}, update ${checkpoint.update}`,
    async whole(piece) {
      const given = Object.entries(piece).filter(([input]) => names.includes(input));
      const shape = [1, pieceSamples, 1];
      const inputs = Object.fromEntries(
        given.map(([input, data]: [string, Float32Array]) => [input, { shape, data }]),
      );
      return (await evaluator.infer({ inputs })).data;
    },
  });
  return run.withTrained(wholeOf, nothingToDenoise, false);
}
