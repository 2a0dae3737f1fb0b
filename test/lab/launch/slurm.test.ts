import { expect, test } from 'vitest';
import { isSilence } from '../../../lab/launch/slurm/client.js';
import { slurmLauncher } from '../../../lab/launch/slurm/launcher.js';
import { slurmOptions } from '../../../lab/launch/slurm/options.js';

test.each([
  'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation',
  'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
  'sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received',
  'scancel: error: Communication connection failure',
  'slurm_load_jobs error: Slurm backup controller in standby mode',
])('nobody answers: %s', (said) => {
  expect(isSilence(said)).toBe(true);
});

test.each([
  'sbatch: error: Invalid --sockets-per-node specification',
  'sbatch: error: Batch job submission failed: Requested node configuration is not available (sockets)',
  "sbatch: unrecognized option '--timeout=5'",
  'sbatch: error: invalid partition specified: communication',
])('it says no: %s', (said) => {
  expect(isSilence(said)).toBe(false);
});

const withTime = (time: string | number) => slurmLauncher(slurmOptions.parse({ time }));

test('a time limit of zero is none; one that is too short, or none at all, is refused', () => {
  for (const time of [0, '0', '0:00', 60, '1-0']) expect(withTime(time).name).toBe('slurm');
  for (const time of [1, 'soon']) {
    expect(() => withTime(time)).toThrow(/Option 'time' of launcher.slurm/);
    expect(() => withTime(time)).toThrow(
      expect.objectContaining({ hint: 'Give it as --launcher-set option=value.' }),
    );
  }
});
