import { setTimeout } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { tinyRun, type TinyRun, type TinyRunOptions } from '../run.js';

/** A run, and what it did to its surroundings. */
export interface ObservedRun {
  readonly run: TinyRun;
  /** Number of tensors after each update. */
  readonly tensors: readonly number[];
  /** Tensors after the run that were not there before. */
  readonly tensorsLeft: number;
  /** What is there after the run and was not before, for people. */
  readonly leftBehind: readonly string[];
}

export async function observedRun(options: TinyRunOptions): Promise<ObservedRun> {
  const before = await surroundings();
  const tensorsBefore = tf.memory().numTensors;
  const tensors: number[] = [];
  const run = await tinyRun({ ...options, onUpdate: () => tensors.push(tf.memory().numTensors) });
  const tensorsLeft = tf.memory().numTensors - tensorsBefore;
  const after = await surroundings();
  const left = [...after].filter(([name, count]) => count > (before.get(name) ?? 0));
  return { run, tensors, tensorsLeft, leftBehind: left.map(([name]) => name) };
}

/** What a run may not leave changed, by a name for people, with a count. */
async function surroundings(): Promise<Map<string, number>> {
  // What the run itself started ends within a turn or two of the event loop.
  await setTimeout(20);
  const found = new Map<string, number>();
  const count = (name: string, more = 1): unknown => found.set(name, (found.get(name) ?? 0) + more);
  for (const event of process.eventNames()) {
    count(`listener of process event '${String(event)}'`, process.listenerCount(event));
  }
  for (const resource of process.getActiveResourcesInfo()) {
    // Files and requests of the test runner come and go.
    if (/Timeout|Immediate|Server|Process|Worker/.test(resource)) count(`open ${resource}`);
  }
  for (const key of Reflect.ownKeys(globalThis)) count(`global '${String(key)}'`);
  for (const [key, value] of Object.entries(process.env)) {
    count(`environment variable ${key}=${value ?? ''}`);
  }
  count(`working directory ${process.cwd()}`);
  return found;
}
