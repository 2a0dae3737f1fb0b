import './kernels/index.js';

export { knownKernels, supportedKernels } from './register.js';
