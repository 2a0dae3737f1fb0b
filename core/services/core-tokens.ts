import type { Logger } from 'pino';
import type { Media } from '../data/medium.js';
import type { Dataset } from '../data/types.js';
import type { EngineDescription, RecordedOperation } from '../engine/types.js';
import type { RandomStreams } from '../random/streams.js';
import type { EventLog } from '../run/eventlog.js';
import type { RunDirectory } from '../run/directory.js';
import type { Terminal } from './terminal.js';
import { token } from './tokens.js';

/** Services that the core provides. Those of the run exist from `runStart` on. */
export const LogToken = token<Logger>('log');
export const TerminalToken = token<Terminal>('terminal');
export const RandomToken = token<RandomStreams>('random');
/** From `runStart` on: the media that plugins offer. */
export const MediaToken = token<Media>('media');
/** From the hook `media` on: the data set as the plugins left it. */
export const DatasetToken = token<Dataset>('dataset');
export const EngineToken = token<EngineDescription>('engine');
/**
 * The training step of the last phase as the engine records it, when somebody first asks; undefined
 * where the engine records nothing.
 */
export const StepGraphToken = token<readonly RecordedOperation[] | undefined>('step graph');
export const RunDirectoryToken = token<RunDirectory>('run directory');
/** Append-only `metrics.jsonl`; on resume cut back to where the checkpoint left it. */
export const MetricsLogToken = token<EventLog>('metrics log');
