/** The tests of every launcher, on a cluster that `SLURM_CONF` names: prints what passed. */
import { slurmLauncher } from '../../lab/launch/slurm/launcher.js';
import { slurmOptions } from '../../lab/launch/slurm/options.js';
import { launcherContract } from '../../lab/testing/launcher.js';

const [folder = '', ...only] = process.argv.slice(2);
const options = slurmOptions.parse({ poll: 0.3, grace: 1 });
const checks = launcherContract(() => slurmLauncher(options), { folder, patience: 90 });
for (const { name, run } of checks.filter(
  (check) => only.length === 0 || only.includes(check.name),
)) {
  await run();
  console.log(name);
}
