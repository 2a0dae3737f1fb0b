import { definePlugin, z } from 'ncn';
import { localLauncher } from 'ncn/lab';

/** The jobs of a sweep as child processes of this machine. */
export default definePlugin({
  name: 'launcher.local',
  version: '1.0.0',
  summary: 'runs the jobs of a sweep on this machine',
  options: z.strictObject({}),
  launcher: () => localLauncher,
});
