import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The gradients for an operation's inputs, by name; each is computed when it is asked for. */
export type InputGradients = Readonly<Record<string, () => Tensor>>;

/** An operation as tf.js writes it down for the backward pass. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  /** Absent where tf.js knows none. */
  gradient?: (dys: Tensor[]) => InputGradients;
}

/** What of tf.js's engine this needs, and its types do not show. */
interface Recorder {
  addTapeNode: (...node: unknown[]) => void;
  readonly state: { readonly activeTape: TapeNode[] };
}

/**
 * Has a function look at the tape whenever tf.js has written down an operation, the last one; it may
 * change both. Functions are called in the order in which they were given.
 */
export function whenRecorded(look: (tape: TapeNode[]) => void): void {
  const engine = tf.engine() as unknown as Recorder;
  const { addTapeNode } = engine;
  engine.addTapeNode = (...node) => {
    addTapeNode.apply(engine, node);
    look(engine.state.activeTape);
  };
}
