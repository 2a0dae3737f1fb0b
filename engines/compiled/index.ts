/** The entry `ncn/engine`: the compiled engine by itself, and the network files of others. */
export { tf } from '../../core/tf.js';
export type { HostTensor } from '../../core/engine/types.js';
export { compile } from './apart.js';
export type { CompiledStep, CompileOptions, Step, StepResult, Value, Values } from './apart.js';
export { compiledEngine, loadModel } from './engine.js';
export type { LoadedModel } from './export/run.js';
export { loadNative } from '../native.js';
export type { NativeFunction, NativeLibrary } from '../native.js';
export { exportModel, type ExportRequest } from './export/model.js';
export { withContributor } from '../../core/attribution/contributor.js';
export { knownKernels, supportedKernels } from './trace/kernels.js';
