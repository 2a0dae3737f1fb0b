import { describe, test } from 'vitest';
import type { Launcher } from '../../../core/plugins/launcher.js';
import nice from '../../../examples/launcher-nice.js';
import { localLauncher } from '../../../lab/launch/local.js';
import { launcherContract } from '../../../lab/testing/launcher.js';

const niceLauncher = (): Launcher => nice.launcher?.({ level: 5 }) ?? localLauncher;

describe.each([
  ['local', () => localLauncher],
  ['nice', niceLauncher],
] as const)('the launcher %s', (_, make) => {
  for (const check of launcherContract(make)) test(check.name, check.run);
});
