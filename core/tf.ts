/**
 * tf.js, the one copy that ncn runs on, with its gradients. Plugins import `tf` from `ncn`.
 */
import '@tensorflow/tfjs-backend-cpu';
import '#gradients';
import type {} from '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tf from '@tensorflow/tfjs-core';
import './step/axis-gradients.js';
import './step/edge-gradients.js';
import './step/second-gradients.js';
import './step/top-k.js';

// Without this, tf.js greets every process with advice about other packages.
tf.enableProdMode();
// Shapes are inferred before an engine is chosen; any backend will do for that.
await tf.setBackend('cpu');

export { tf };
