import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineDescription, EngineProvider } from '../../core/engine/types.js';
import { EagerSession } from './session.js';

const description: EngineDescription = {
  name: 'cpu',
  version: tf.version_core,
  device: '1 thread, plain JavaScript',
};

/** tf.js's JavaScript backend: the slow reference that others are checked against. */
export const cpuEngine: EngineProvider = {
  name: 'cpu',
  summary: 'tf.js in plain JavaScript, the slow reference',
  priority: 1,
  probe: () => Promise.resolve({ present: true, description }),
  open: () => Promise.resolve(new EagerSession(description, 'cpu')),
};
