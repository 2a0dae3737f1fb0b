import { definePlugin, z, type Launcher } from 'ncn';
import { localLauncher } from 'ncn/lab';

/** `ncn sweep --launcher examples/launcher-nice.ts`: local jobs that yield to all other work. */
export default definePlugin({
  name: 'launcher.nice',
  version: '1.0.0',
  summary: 'runs the jobs of a sweep here, at low priority',
  options: z.strictObject({
    level: z.int().min(0).max(19).default(10).describe('niceness; 19 yields to everything'),
  }),
  launcher: ({ level }): Launcher => ({
    ...localLauncher,
    name: 'nice',
    submit: (submission) =>
      localLauncher.submit({
        ...submission,
        jobs: submission.jobs.map((job) => ({
          ...job,
          command: ['nice', '-n', String(level), ...job.command],
        })),
      }),
  }),
});
