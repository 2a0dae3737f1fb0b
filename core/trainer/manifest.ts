import { execFile } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { EngineDescription } from '../engine/types.js';
import { weightCount } from '../step/declare.js';
import { tf } from '../tf.js';
import { version } from '../version.js';
import type { Prepared } from './prepare.js';

/** `manifest.json`: what was run, on what, by which versions. */
export const manifestSchema = z.object({
  format: z.literal(1),
  ncn: z.string(),
  preset: z.string(),
  profile: z.string(),
  variant: z.string().nullable(),
  seed: z.int(),
  created: z.string(),
  commandLine: z.array(z.string()),
  gitCommit: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), device: z.string() }),
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    source: z.string(),
    notice: z.string().nullable(),
    trainImages: z.int(),
    testImages: z.int(),
  }),
  plugins: z.record(z.string(), z.string()),
  networks: z.record(z.string(), z.object({ weights: z.int(), multiplyAdds: z.number() })),
  phases: z.array(z.object({ name: z.string(), updates: z.int() })),
  environment: z.record(z.string(), z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;

export async function makeManifest(
  prepared: Prepared,
  engine: EngineDescription,
  now: Date,
): Promise<Manifest> {
  const { experiment, dataset, built } = prepared;
  return {
    format: 1,
    ncn: version,
    preset: experiment.preset.name,
    profile: experiment.profile,
    variant: experiment.variant,
    seed: experiment.core.seed,
    created: now.toISOString(),
    commandLine: process.argv.slice(2),
    gitCommit: await gitCommit(),
    engine: { ...engine },
    dataset: {
      name: dataset.name,
      hash: dataset.hash,
      source: dataset.source,
      notice: dataset.notice ?? null,
      trainImages: dataset.train.count,
      testImages: dataset.test.count,
    },
    plugins: Object.fromEntries(
      experiment.plugins.map(({ loaded: { plugin } }) => [plugin.name, plugin.version]),
    ),
    networks: Object.fromEntries(
      [...built.networks].map(([name, network]) => [
        name,
        { weights: weightCount(network), multiplyAdds: network.multiplyAdds },
      ]),
    ),
    phases: built.blueprint.phases.map(({ name, updates }) => ({ name, updates })),
    environment: {
      node: process.version,
      tfjs: tf.version_core,
      platform: `${platform()} ${release()} ${arch()}`,
      cpu: `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}`,
      memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    },
  };
}

/** Commit of the working directory, with `+` when it has changes; null where there is no git. */
async function gitCommit(): Promise<string | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { timeout: 5000 })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const dirty = await git('status', '--porcelain', '--untracked-files=no');
    return dirty === '' ? commit : `${commit}+`;
  } catch {
    return null;
  }
}
