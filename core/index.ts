/** The public interface: everything that plugins and presets may use. */
export { z } from 'zod';
export { tf } from './tf.js';
export { version } from './version.js';

export { definePlugin } from './plugins/plugin.js';
export type {
  Persistence,
  Plugin,
  PluginContext,
  PluginDefinition,
  PluginHooks,
} from './plugins/plugin.js';
export { localLauncher } from './launch/local.js';
export type { Ending, LaunchedJob, Launcher, LaunchRequest } from './launch/launcher.js';
export { definePreset, defineProfile, use } from './experiment/preset.js';
export type {
  PluginUse,
  Preset,
  PresetDefinition,
  Profile,
  ProfileDefinition,
  Variant,
} from './experiment/preset.js';
export { defineConfig } from './experiment/config-file.js';
export type { ConfigFileDefinition } from './experiment/config-file.js';
export { describeSchedule, schedule, toSchedule, updateNumber } from './experiment/schedule.js';
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
} from './step/layers.js';
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
  MetricsLogToken,
  RandomToken,
  RunDirectoryToken,
  StepGraphToken,
  TerminalToken,
} from './services/core-tokens.js';
export { progressLine } from './services/progress-line.js';
export type { Progress } from './services/progress-line.js';
export { formatCount, formatDuration, formatMetric } from './services/format.js';

export { ExitCode, NcnError } from './errors/error.js';
export { RandomStreams } from './random/streams.js';
export type { RandomSequence } from './random/streams.js';
export type { Dataset, DatasetProvider, DatasetRequest, Images as ImageSet } from './data/types.js';
export type {
  EngineDescription,
  EngineSession,
  HostTensor,
  Program,
  ProgramOutputs,
  RecordedOperation,
} from './engine/types.js';
export { RunningMeans, runningMeansSchema } from './metrics/running.js';
export { isKept } from './run/thinning.js';
export { TensorBoardToken, TensorBoardWriter } from './tensorboard/writer.js';
export { writeFileAtomic } from './run/atomic.js';
export { readEvents } from './run/eventlog.js';
export type { EventLog } from './run/eventlog.js';
export type { RunDirectory } from './run/directory.js';
export { diverged } from './trainer/divergence.js';
export type { Divergence } from './trainer/divergence.js';
export { makeDataset, subset as firstImages } from './data/images.js';
export { evaluateImages } from './metrics/evaluate.js';
export type { ImageMetrics, MetricsPerImage } from './metrics/evaluate.js';
export { PerImageCollector } from './metrics/per-image.js';
export type { PerImageResult } from './metrics/per-image.js';
export { testImagesFile, writeTestImages } from './run/test-images.js';
export { sampleFile, samplesFolder } from './run/samples.js';
export { encodeTiles } from './figures/tiles.js';
export { renderGrid } from './figures/grid.js';
export type { GridImages, GridOptions, GridPanel } from './figures/grid.js';
export { errorPicture, gridPicture } from './figures/picture.js';
export type { Picture } from './figures/picture.js';
export { renderFilmStrip } from './figures/filmstrip.js';
export type { FilmColumn, FilmStripOptions } from './figures/filmstrip.js';
export { renderFigure } from './figures/figure.js';
export type { FigureImages } from './figures/figure.js';
export { renderChart } from './figures/chart.js';
export type { ChartOptions, ChartSeries } from './figures/chart.js';
