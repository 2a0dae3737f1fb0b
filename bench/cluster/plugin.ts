import { z } from 'zod';
import { definePlugin } from '../../core/index.js';
import { remoteLauncher } from './socket.js';

/** The simulated cluster that another process runs. */
export default definePlugin({
  name: 'launcher.simulated',
  version: '1.0.0',
  summary: 'hands jobs to a simulated cluster',
  options: z.strictObject({
    socket: z.string().describe('where the simulation listens'),
    poll: z.number().describe('milliseconds between polls'),
    grace: z.number().describe('milliseconds until a job out of sight is lost'),
    most: z.int().describe('jobs in an array'),
  }),
  launcher: ({ socket, poll, grace, most }) =>
    remoteLauncher(socket, { pollEvery: poll, grace, most }),
});
