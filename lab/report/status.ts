import type { StatusModel } from './model.js';
import type { RunData } from './run-data.js';

/** A moment at which a run had done so many updates. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly update: number;
}

/**
 * How far a run is, and when it ends.
 * @param earlier when it was seen before; without one, the start of its process counts
 */
export function statusOf(data: RunData, now: number, earlier?: Moment): StatusModel {
  const { status, series, totalUpdates } = data;
  const update = Math.max(series.update, status?.update ?? 0);
  const base = {
    update,
    totalUpdates,
    ...(series.phase === undefined ? {} : { phase: series.phase }),
  };
  if (status === undefined) return { ...base, state: 'unknown' };
  if (status.state !== 'running') {
    const { state, message } = status;
    return { ...base, state, ...(message === undefined ? {} : { message }) };
  }
  if (!data.held) {
    const message = 'its process is gone; ncn resume continues the run';
    return { ...base, state: 'stopped', message };
  }
  const start = { time: Date.parse(status.time), update: status.update ?? 0 };
  const from = earlier !== undefined && earlier.update < update ? earlier : start;
  const updatesPerSecond = ((update - from.update) * 1000) / (now - from.time);
  if (!(updatesPerSecond > 0)) return { ...base, state: 'running' };
  const secondsLeft = (totalUpdates - update) / updatesPerSecond;
  return { ...base, state: 'running', updatesPerSecond, secondsLeft };
}
