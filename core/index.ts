/** The public interface: everything that plugins and presets may use. */
export { z } from 'zod';
export { tf } from './tf.js';
export { version } from './version.js';

export { openExperiment, openRun } from './open/open.js';
export type * from './open/events.js';
export type * from './open/types.js';
export type { Training } from './open/training.js';
export type { Plan } from './trainer/estimate/plan.js';
export type { CheckpointEvent, EvaluationEvent, UpdateEvent } from './trainer/loop/observer.js';
export type { StopSignal } from './trainer/loop/interruption.js';
export type { ResolvedValue } from './experiment/resolve.js';
export type { LogLine } from './services/log.js';
export type { LoadedDatasets } from './data/registry.js';
export type { Manifest } from './run/manifest.js';
export type { RunChange } from './run/changes.js';

export { definePlugin } from './plugins/plugin.js';
export type {
  Persistence,
  Plugin,
  PluginContext,
  PluginDefinition,
  PluginHooks,
} from './plugins/plugin.js';
export type { Ending, Launcher, LaunchRequest, Sighting, Submission } from './plugins/launcher.js';
export { definePreset, defineProfile, use } from './experiment/preset.js';
export type {
  PluginUse,
  Preset,
  PresetDefinition,
  Profile,
  ProfileDefinition,
  Variant,
} from './experiment/preset.js';
export { defineConfig } from './experiment/define-config.js';
export type { ConfigFileDefinition } from './experiment/define-config.js';
export { filePath } from './experiment/places.js';
export { positiveFloat } from './experiment/float.js';
export {
  describeSchedule,
  nonnegativeSchedule,
  schedule,
  toSchedule,
  updateNumber,
} from './experiment/schedule.js';
export type { ScheduleOption } from './experiment/schedule.js';

export type { HookName, PayloadOf } from './hooks/lifecycle.js';
export type { HookKind, Tap } from './hooks/hook.js';
export type { Stage, TapOrder } from './hooks/order.js';
export type * from './hooks/payloads.js';

export type * from './step/types.js';
export type { Conv2DOptions, Layers } from './step/layers.js';
export type {
  BatchNormOptions,
  Conv1DOptions,
  Conv1DTransposeOptions,
  Conv2DTransposeOptions,
  ConvOptions,
  DenseOptions,
  ExampleNormOptions,
  GroupNormOptions,
  InstanceNormOptions,
  KernelOptions,
  LayerNormOptions,
  Padding,
  PerAxis,
  PreluOptions,
  RecurrentOptions,
} from './step/layers.js';
export { irfft, rfft } from './step/fourier.js';
export type { FourierWindow, HalfSpectrum } from './step/fourier.js';
export { stopGradient } from './step/stop-gradient.js';
export { glorotUniform, ones, zeros } from './step/initializers.js';
export { constant, heNormal, heUniform, normal, orthogonal } from './step/initializers.js';

export { token } from './services/tokens.js';
export type { Token } from './services/tokens.js';
export type { Services } from './services/services.js';
export type { Terminal } from './services/terminal.js';
export {
  DatasetToken,
  EngineToken,
  LogToken,
  MediaToken,
  MetricsLogToken,
  RandomToken,
  RunDirectoryToken,
  StepGraphToken,
  TerminalToken,
} from './services/core-tokens.js';
export { progressLine } from './services/progress-line.js';
export type { Progress } from './services/progress-line.js';
export { formatCount, formatDuration, formatMetric, formatValue } from './services/format.js';

export { ExitCode, NcnError } from './errors/error.js';
export { didYouMean, nearest } from './errors/nearest.js';
export { phaseAt } from './hooks/run-info.js';
export { RandomStreams } from './random/streams.js';
export type { RandomSequence } from './random/streams.js';
export type { Dataset, DatasetProvider, DatasetRequest, Examples, Shape } from './data/types.js';
export { firstExamples, hashOfSignals, inMemory } from './data/examples.js';
export type { SignalValues } from './data/examples.js';
export { Media } from './data/medium.js';
export type { Medium, Raster } from './data/medium.js';
export type { EvaluatedBatch } from './evaluation/batch.js';
export { exampleAt } from './evaluation/batch.js';
export type { Measured } from './evaluation/measure.js';
export type {
  Beside,
  Better,
  EvaluatedExample,
  ExampleGroup,
  ExampleKinds,
  KnownMetric,
  PossibleValues,
  Metric,
  MetricDeclaration,
} from './evaluation/metric.js';
export { PerExampleCollector } from './evaluation/per-example.js';
export type { PerExampleResult } from './evaluation/per-example.js';
export type { KeptExample } from './evaluation/highest.js';
export { testExamplesFile, writeTestExamples } from './evaluation/test-examples.js';
export type {
  EngineAvailability,
  EngineDescription,
  ByteCache,
  EngineOptions,
  EngineProvider,
  EngineSession,
  HostTensor,
  Program,
  ProgramMemory,
  ProgramOutputs,
  ProgramSignature,
  RecordedOperation,
} from './engine/types.js';
export { anyNumber } from './run/any-number.js';
export { RunningMeans, runningMeansSchema } from './run/running-means.js';
export { isKept } from './run/thinning.js';
export { writeFileAtomic } from './run/atomic.js';
export { makeFolders } from './run/folders.js';
export { readEvents } from './run/eventlog.js';
export type { EventLog } from './run/eventlog.js';
export type { RunDirectory } from './run/directory.js';
export { diverged } from './trainer/loop/divergence.js';
export type { Divergence } from './trainer/loop/divergence.js';
