import { ExitCode, NcnError } from './error.js';

/** A layer as its author called it. */
export interface LayerCall {
  /** The method of `Layers`: `conv1d`, `dense`, … */
  readonly kind: string;
  readonly name: string;
}

/** A layer was given a tensor that it cannot work on. */
export function wrongLayerInput(
  layer: LayerCall,
  shape: readonly number[],
  expected: string,
  hint?: string,
): NcnError {
  const given = `[${shape.join(', ')}]`;
  return new NcnError(
    `Layer '${layer.name}' (${layer.kind}) was given a tensor of shape ${given}; ${expected} was expected.`,
    { code: 'NCN_LAYER_INPUT', exit: ExitCode.plugin, ...(hint === undefined ? {} : { hint }) },
  );
}

/** An option of a layer makes no sense, by itself or for the tensor that it was given. */
export function badLayerOption(layer: LayerCall, what: string, hint?: string): NcnError {
  return new NcnError(`Layer '${layer.name}' (${layer.kind}): ${what}.`, {
    code: 'NCN_LAYER_OPTION',
    exit: ExitCode.plugin,
    ...(hint === undefined ? {} : { hint }),
  });
}
