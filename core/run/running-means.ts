import { z } from 'zod';
import { anyNumber } from './any-number.js';

/** What a checkpoint keeps of running means: sum and count by name. */
export const runningMeansSchema = z.record(
  z.string(),
  z.tuple([anyNumber(), z.int().nonnegative()]),
);

/** Means of the numbers that successive updates report, by name; each over the updates that had it. */
export class RunningMeans {
  private sums = new Map<string, readonly [sum: number, count: number]>();

  add(values: ReadonlyMap<string, number>): void {
    for (const [name, value] of values) {
      const [sum, count] = this.sums.get(name) ?? [0, 0];
      this.sums.set(name, [sum + value, count + 1]);
    }
  }

  get isEmpty(): boolean {
    return this.sums.size === 0;
  }

  /** The means so far, by name in order; it begins anew. */
  take(): Map<string, number> {
    // A checkpoint keeps no order of its own: this one is the same after a resume.
    const sorted = [...this.sums].sort(([a], [b]) => (a < b ? -1 : 1));
    this.sums.clear();
    return new Map(sorted.map(([name, [sum, count]]) => [name, sum / count]));
  }

  save(): z.infer<typeof runningMeansSchema> {
    return Object.fromEntries([...this.sums].map(([name, [...entry]]) => [name, entry]));
  }

  restore(saved: z.infer<typeof runningMeansSchema>): void {
    this.sums = new Map(Object.entries(saved));
  }
}
