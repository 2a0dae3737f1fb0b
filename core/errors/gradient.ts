import { ExitCode, messageOf, NcnError } from './error.js';
import { outOfMemory } from './memory.js';

/** An operation whose gradient is asked for. */
export interface DifferentiatedOperation {
  /** The kernel, as tf.js calls it. */
  readonly kernel: string;
  /** The plugin whose code used it, or of which it is the gradient. */
  readonly contributor: string | undefined;
  /** The part of the step in which it was used: `generator/conv1`. */
  readonly scope: string;
  /** Another plugin, which has taken a gradient of which the operation is a part. */
  readonly again?: string | undefined;
}

/** Errors that already name an operation. */
const named = new WeakSet();

/**
 * tf.js, or a plugin's own gradient, threw while a gradient was computed. Errors that already speak
 * to people keep code and exit.
 */
export function gradientFailed(operation: DifferentiatedOperation, cause: unknown): NcnError {
  if (cause instanceof NcnError && named.has(cause)) return cause;
  // No operation is to blame for it.
  const memory = outOfMemory(cause);
  if (memory !== undefined) {
    named.add(memory);
    return memory;
  }
  const known = cause instanceof NcnError ? cause : undefined;
  const why = messageOf(cause);
  const error = new NcnError(`${subject(operation)} cannot be computed: ${why}`, {
    code: known?.code ?? 'NCN_PLUGIN_GRADIENT',
    exit: known?.exit ?? ExitCode.plugin,
    hint: known?.hint ?? hintFor(operation, why),
    cause,
  });
  named.add(error);
  return error;
}

/** tf.js knows no gradient of this operation. */
export function gradientMissing(operation: DifferentiatedOperation): NcnError {
  const error = new NcnError(`${subject(operation)} cannot be computed: tf.js knows none.`, {
    code: 'NCN_PLUGIN_GRADIENT',
    exit: ExitCode.plugin,
    hint: hintFor(operation, ''),
  });
  named.add(error);
  return error;
}

/** What tf.js threw in the backward pass of a network's losses, where no operation is to blame. */
export function lossGradientFailed(network: string, cause: unknown): NcnError {
  if (cause instanceof NcnError) return cause;
  const memory = outOfMemory(cause);
  if (memory !== undefined) return memory;
  return new NcnError(
    `The gradient of the losses of '${network}' cannot be computed: ${messageOf(cause)}`,
    {
      code: 'NCN_PLUGIN_GRADIENT',
      exit: ExitCode.plugin,
      hint: 'It comes from the operations of its loss terms and of the networks that these run.',
      cause,
    },
  );
}

function subject({ kernel, contributor, scope, again }: DifferentiatedOperation): string {
  const place = scope === '' ? '' : ` in '${scope}'`;
  const used = contributor === undefined ? place.trim() : `used by '${contributor}'${place}`;
  const facts = [used, again === undefined ? '' : `differentiated by '${again}'`];
  const known = facts.filter((fact) => fact !== '').map((fact) => `, ${fact}`);
  return `The gradient of the tf.js operation '${kernel}'${known.join('')}${known.length > 0 ? ',' : ''}`;
}

/** What to use instead. */
function hintFor({ kernel }: DifferentiatedOperation, why: string): string {
  if (kernel === 'Conv2D' && why.includes('dilation')) {
    return 'Use layers.conv2d with dilation, which has a gradient.';
  }
  if (kernel.startsWith('MaxPool') && kernel.endsWith('Grad')) {
    return 'A loss that differentiates a gradient (a gradient penalty, say) needs networks without maximum pooling: use tf.avgPool, or layers.conv2d with a stride.';
  }
  return 'Use other tf.js operations, or give this one a gradient with tf.customGrad.';
}
