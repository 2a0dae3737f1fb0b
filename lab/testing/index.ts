/** The entry `ncn/testing`: what the tests of a plugin need. For any test runner. */
export { conformance } from './conformance.js';
export type { ConformanceCheck } from './conformance.js';
export { launcherContract } from './launcher.js';
export type { LauncherContractOptions } from './launcher.js';
export { loadPlugin, loadPreset } from './load.js';
export type { TinyExperiment } from './prepare.js';
export { tinyRun } from './run.js';
export type { TinyRun, TinyRunOptions } from './run.js';
