/**
 * Trains for long in a process of its own, and looks at what it holds: `ENGINE UPDATES SECONDS SEED`.
 * Prints one line of JSON.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openExperiment } from '../../core/open/open.js';
import { definePlugin } from '../../core/plugins/plugin.js';
import { tf } from '../../core/tf.js';
import { z } from 'zod';
import { folder, smallData } from './command.js';
import type { Sample } from './endurance.js';

const [engine = '', updates = '', seconds = '', seed = ''] = process.argv.slice(2);
const total = Number(updates);

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** How often it is looked. */
const looks = 40;
const every = Math.max(1, Math.floor(total / looks));
const samples: Sample[] = [];
const began = performance.now();

function look(update: number): void {
  if (typeof collect === 'function') Reflect.apply(collect, undefined, []);
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const handles = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  const resources = process.getActiveResourcesInfo().length;
  const { numTensors: tensors } = tf.memory();
  samples.push({ update, rss, heapUsed, arrayBuffers, handles, resources, tensors });
}

const looker = definePlugin({
  name: 'proof.looker',
  version: '1.0.0',
  summary: 'looks at what the process holds',
  options: z.strictObject({}),
  setup: ({ hooks }) => {
    hooks.updateEnd.tap(({ update, control }) => {
      if (update % every === 0) look(update);
      if (performance.now() - began > Number(seconds) * 1000) control.stop('its time is up');
    });
  },
});

const run = join(folder(), 'run');
// On `cpu` a second network would take hours.
const alone = engine === 'cpu';
const experiment = await openExperiment(alone ? 'dcnn_v1' : 'dcgans_v4', {
  ...{ engine, threads: 1, seed: Number(seed), updates: total, batch: 2 },
  ...{ dataset: `idx:${smallData()}`, plugins: [looker] },
  set: {
    ...{ 'generator.resconvnet.width': 2, 'generator.resconvnet.depth': 1 },
    ...(alone ? {} : { 'discriminator.vanilla.width': 0.0157 }),
    ...{ 'metrics.every': 10, 'tensorboard.every': 50 },
    ...{ 'evaluation.every': every, 'evaluation.examples': 4, 'evaluation.testExamples': 8 },
    ...{ 'evaluation.testBatch': 2, 'checkpoints.every': every },
  },
});
const { update } = await experiment.train({ directory: run });
await experiment.close();
rmSync(run, { recursive: true });
const took = (performance.now() - began) / 1000;
process.stdout.write(`${JSON.stringify({ engine, updates: update, seconds: took, samples })}\n`);
// Engines may leave threads behind.
process.exit();
