import { definePlugin } from 'ncn';
import { slurmLauncher, slurmOptions } from 'ncn/lab';

/** The jobs of a sweep as job arrays of a cluster that runs Slurm. */
export default definePlugin({
  name: 'launcher.slurm',
  version: '1.0.0',
  summary: 'runs the jobs of a sweep on a cluster, as job arrays of Slurm',
  options: slurmOptions,
  launcher: slurmLauncher,
});
