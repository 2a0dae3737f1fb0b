/**
 * tf.js, the one copy that ncn runs on. Plugins import `tf` from `ncn`. The union package is
 * imported for its gradients, which it alone registers in Node.
 */
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import './step/second-gradients.js';

// Without this, tf.js greets every process with advice about other packages.
tf.enableProdMode();
// Shapes are inferred before an engine is chosen; any backend will do for that.
await tf.setBackend('cpu');

export { tf };
