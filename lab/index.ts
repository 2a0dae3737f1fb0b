/** The entry `ncn/lab`: tools around runs. */
export { localLauncher } from './launch/local.js';
export { TensorBoardToken, TensorBoardWriter } from './tensorboard/writer.js';
export type { AudioClip, ScalarDescription, TaggedScalar } from './tensorboard/writer.js';
export {
  exampleFile,
  roleFile,
  sampleFile,
  samplesFolder,
  samplesSchema,
  sampleUpdate,
  sheetFile,
} from './samples.js';
export type { SampleRole, SamplesAbout } from './samples.js';
