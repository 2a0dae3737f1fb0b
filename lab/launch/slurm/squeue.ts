import type { Sighting } from '../../../core/plugins/launcher.js';

/** A job of an array as `squeue` knows it. */
export interface QueuedTask {
  readonly token: string;
  /** Number of the array. */
  readonly array: number;
  readonly task: number;
  readonly sighting: Sighting;
}

/** The fields that are asked for: name, array, task, state, reason, nodes. */
export const squeueFormat = '%j|%F|%K|%T|%r|%N';

const waiting = new Set([
  ...['PENDING', 'REQUEUED', 'REQUEUE_HOLD', 'REQUEUE_FED', 'RESV_DEL_HOLD', 'SPECIAL_EXIT'],
]);
const under = new Set([
  ...['RUNNING', 'CONFIGURING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'RESIZING'],
  'STAGE_OUT',
]);

/** Reads what `squeue --noheader -r -o` printed; lines about whole arrays are left out. */
export function parseSqueue(text: string): QueuedTask[] {
  return text.split('\n').flatMap((line) => {
    const [token = '', array = '', task = '', state = '', reason = '', nodes = ''] = line
      .trim()
      .split('|');
    if (!/^\d+$/.test(array) || !/^\d+$/.test(task)) return [];
    return [
      {
        token,
        array: Number(array),
        task: Number(task),
        sighting: sightingOf(state, reason, nodes),
      },
    ];
  });
}

function sightingOf(state: string, reason: string, nodes: string): Sighting {
  if (waiting.has(state)) return { kind: 'queued', why: reason === 'None' ? null : reason };
  if (under.has(state)) return { kind: 'running', where: nodes === '' ? null : nodes };
  return { kind: 'ended', ending: { exit: null, signal: null }, why: state };
}

/** `0,1,2,5` → `0-2,5`. @param tasks ascending */
export function ranges(tasks: readonly number[]): string {
  const parts: [first: number, last: number][] = [];
  for (const task of tasks) {
    const part = parts.at(-1);
    if (part !== undefined && part[1] === task - 1) part[1] = task;
    else parts.push([task, task]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
