import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A Python with TensorBoard; `.ci/run` installs one. */
export const python = process.env['NCN_TENSORBOARD_PYTHON'] ?? 'python3';
export const hasTensorBoard = spawnSync(python, ['-c', 'import tensorboard']).status === 0;

/** What TensorBoard’s own reader finds in a folder. */
export function readByTensorBoard(
  folder: string,
): Record<'scalars' | 'images' | 'histograms' | 'tensors', Record<string, number[][]>> {
  const script = join(import.meta.dirname, 'read-events.py');
  return JSON.parse(execFileSync(python, [script, folder], { encoding: 'utf8' })) as ReturnType<
    typeof readByTensorBoard
  >;
}
