import { clone, keep, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Carries tensors out of a function whose other results tf.js throws away: `valueAndGrads`
 * returns only the value and the gradients, and disposes of what else was computed inside.
 */
export class Capture {
  private readonly held = new Map<string, Tensor>();

  has(name: string): boolean {
    return this.held.has(name);
  }

  /** Keeps a tensor alive past the scopes it is in. */
  hold(name: string, tensor: Tensor): void {
    this.held.get(name)?.dispose();
    // A clone is kept, since the tensor itself may belong to the caller (an input, say).
    this.held.set(name, keep(clone(tensor)));
  }

  /** Hands the tensors to the scope that is active now, which disposes of them as of its own. */
  release(): Map<string, Tensor> {
    const released = new Map<string, Tensor>();
    for (const [name, tensor] of this.held) {
      released.set(name, clone(tensor));
      tensor.dispose();
    }
    this.held.clear();
    return released;
  }
}
