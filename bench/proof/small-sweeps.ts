import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { command, folder, outcomeOf } from './command.js';
import { smallPictures } from './small-runs.js';

/** What a sweep ends with that nothing befalls. */
export interface SweepReference {
  readonly path: string;
  readonly outcome: string;
  readonly milliseconds: number;
}

/** A sweep of two small jobs, one after the other. */
export class SmallSweeps {
  private made: Promise<SweepReference> | undefined;

  constructor(private readonly data: string) {}

  command(path: string): string[] {
    return [
      ...['sweep', '--presets', 'dcnn_v1', '--seeds', '2', '--dir', path, '--jobs', '1'],
      ...[...smallPictures(this.data), '--engine', 'wasm', '--updates', '6'],
      ...['--eval-every', '3', '--checkpoint-every', '2', '--set', 'metrics.every=2'],
    ];
  }

  /** What a sweep ends with that nothing befalls. */
  reference(): Promise<SweepReference> {
    return (this.made ??= this.make());
  }

  /** SHA-256 of what all of its runs ended with. */
  outcomeOf(path: string): string {
    const hash = createHash('sha256');
    for (const run of readdirSync(join(path, 'runs')).sort()) {
      hash.update(`${run} ${outcomeOf(join(path, 'runs', run))}\n`);
    }
    return hash.digest('hex');
  }

  private async make(): Promise<SweepReference> {
    const path = join(folder(), 'sweep');
    const began = performance.now();
    const { code, text } = await command(this.command(path));
    if (code !== 0) throw new Error(`the sweep that nothing befalls failed:\n${text}`);
    return { path, outcome: this.outcomeOf(path), milliseconds: performance.now() - began };
  }
}
