import { join } from 'node:path';
import { expect } from 'vitest';
import { inHost } from './host.js';
import { temporary, tinyIdx, tinyRun } from './support.js';

/** Runs that pages are made of. */
export interface PageRuns {
  /** The runs lie in its `runs`. */
  readonly folder: string;
  readonly runs: string;
  readonly run: (name: string) => string;
  /** Data set of the runs. */
  readonly data: string;
}

/** Two seeds of one experiment (`one`, `two`), and an `other`. */
export async function trainRuns(): Promise<PageRuns> {
  const folder = temporary();
  const runs = join(folder, 'runs');
  const run = (name: string): string => join(runs, name);
  const data = tinyIdx();
  const more = ['--set', 'evaluation.testExamples=20', '--quiet'];
  for (const args of [
    tinyRun(data, run('one'), ...more),
    tinyRun(data, run('two'), ...more, '--seed', '2'),
    tinyRun(data, run('other'), ...more, '--set', 'loss.content.weight=0.5'),
  ]) {
    const { code, stderr } = await inHost(args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }
  return { folder, runs, run, data };
}
