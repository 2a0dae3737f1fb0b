import { join } from 'node:path';
import type { HostTensor } from '../../engines/compiled/index.js';
import { writeFileAtomic } from '../../core/run/atomic.js';
import type { JsonValue } from '../../core/run/json.js';
import { startOf, trained, update } from './train.js';
import { works } from './works.js';

function plain({ shape, data }: HostTensor): JsonValue {
  return { shape: [...shape], data: [...data] };
}

/** Writes weights, batch and losses of the first updates of a narrow network, for check_apart.py. */
export async function dumpApart(name: string, folder: string): Promise<void> {
  const [width, side, updates] = [4, 16, 3];
  const work = works[name]?.(width, side);
  if (work === undefined) throw new Error(`there is no ${name}`);
  const start = startOf(work);
  const batch = work.batch(4);
  const step = await trained(work, start, 1);
  const losses: number[] = [];
  try {
    for (let number = 1; number <= updates; number++) {
      losses.push(await update(step, batch, number));
    }
  } finally {
    await step.close();
  }
  const weights = [...work.weights.shapes.keys()].flatMap((key) => start[key] ?? []);
  const about = { work: name, width, losses, x: plain(batch.x), y: plain(batch.y) };
  const whole = { ...about, weights: weights.map(plain) };
  await writeFileAtomic(join(folder, 'ours.json'), JSON.stringify(whole));
}
