/** The entry `ncn/lab`: tools around runs. */
export { finishedRunIfThere, readFinishedRun, runIsGone } from './report/finished-run.js';
export type { FinishedRun } from './report/finished-run.js';
export type { SampleRoleModel, SamplesModel, SheetModel } from './report/model.js';
export { outOf } from './report/out-of.js';
export { embeddedSamples } from './report/samples.js';
export { above, below, noWin, within } from './stats/criteria.js';
export type { Measurement, Sample, Verdict } from './stats/criteria.js';
export { boundsOf, meanInterval } from './stats/interval.js';
export type { MeanInterval } from './stats/interval.js';
export { oneSidedP } from './stats/one-sided.js';
export { proportionInterval } from './stats/proportion.js';
export { spreadOf } from './stats/spread.js';
export type { Spread } from './stats/spread.js';
export { defineStudy } from './study.js';
export type {
  Study,
  StudyDefinition,
  StudyReport,
  StudySweep,
  StudyTable,
  StudyVariant,
} from './study.js';
export type { JobRecord } from './sweep/events.js';
export { makeFolder, readIfThere } from './files.js';
export { inOneLine } from './harmless.js';
export { whileHolding } from './hold.js';
export { readOwnPage } from './own-page.js';
export { keepSeeds, readSeeds, scaleLabel, scaleStem } from './seed-files.js';
export type { DataOf, Scale, SeedRun } from './seed-files.js';
export { prettyJson } from '../core/run/json.js';
export { escapeMarkup } from '../core/services/markup.js';
export { localLauncher } from './launch/local.js';
export { slurmLauncher } from './launch/slurm/launcher.js';
export { slurmOptions } from './launch/slurm/options.js';
export type { SlurmOptions } from './launch/slurm/options.js';
export { TensorBoardToken, TensorBoardWriter } from './tensorboard/writer.js';
export type { HeldPlace } from './tensorboard/writer.js';
export { TensorBoardRecords } from './tensorboard/summaries.js';
export type { AudioClip, ScalarDescription, TaggedScalar } from './tensorboard/summaries.js';
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
