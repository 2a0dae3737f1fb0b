import { badContribution } from '../../errors/plugin.js';
import { firstIssue, jsonOf } from '../../run/json.js';
import { manifestSchema, type Manifest } from '../../run/manifest.js';
import { execFile } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { EngineDescription } from '../../engine/types.js';
import { weightCount } from '../../step/declare.js';
import { tf } from '../../tf.js';
import { version } from '../../version.js';
import { declaredMetrics } from '../build/declared.js';
import type { Prepared } from '../build/prepare.js';

export async function makeManifest(
  prepared: Prepared,
  engine: EngineDescription,
  now: Date,
): Promise<Manifest> {
  const { experiment, dataset, built } = prepared;
  const manifest: Manifest = {
    format: 2,
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
      trainExamples: dataset.train.count,
      testExamples: dataset.test.count,
    },
    main: built.blueprint.main,
    roles: Object.fromEntries(
      [...built.blueprint.shapes.made].map(([role, shape]) => [role, [...shape]]),
    ),
    metrics: declaredMetrics(built),
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
  const { error } = manifestSchema.safeParse(jsonOf(manifest));
  if (error === undefined) return manifest;
  throw badContribution(
    `The manifest of the run could not be read again: ${firstIssue(error)}.`,
    'A plugin gives something of another kind than its hook asks for.',
  );
}

/** Commit of the working directory, with `+` when it has changes; null where there is no git. */
async function gitCommit(): Promise<string | null> {
  // Both in one: to start a program takes a while.
  const args = ['status', '--porcelain=v2', '--branch', '--untracked-files=no'];
  try {
    const { stdout } = await promisify(execFile)('git', args, { timeout: 5000 });
    const commit = /^# branch[.]oid ([0-9a-f]+)$/m.exec(stdout)?.[1];
    if (commit === undefined) return null;
    return /^[^#]/m.test(stdout) ? `${commit}+` : commit;
  } catch {
    return null;
  }
}
