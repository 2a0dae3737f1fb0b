/** The entry `ncn/lab`: tools around runs. */
export { localLauncher } from './launch/local.js';
export { TensorBoardToken, TensorBoardWriter } from './tensorboard/writer.js';
export { sampleFile, samplesFolder } from './samples.js';
