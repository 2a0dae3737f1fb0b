import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restoreIsNullOrUndefined } from '../../engines/eager/native.js';
import { loadOptional } from '../../engines/eager/optional.js';
import { TensorBoardWriter } from '../../lab/tensorboard/writer.js';
import { hasTensorBoard, readByTensorBoard } from '../support/tensorboard.js';
import { temporary } from './support.js';

test('tfjs-node’s own writer gives the same scalars', async ({ skip }) => {
  restoreIsNullOrUndefined();
  const loaded = await loadOptional('@tensorflow/tfjs-node');
  if ('reason' in loaded) return skip(`@tensorflow/tfjs-node: ${loaded.reason}`);
  if (!hasTensorBoard) return skip('TensorBoard reads both files, and is not here');
  const folder = temporary();
  const native = Reflect.get(loaded.module, 'node') as {
    summaryFileWriter: (path: string) => {
      scalar: (tag: string, value: number, step: number) => void;
      flush: () => void;
    };
  };
  const theirs = native.summaryFileWriter(join(folder, 'theirs'));
  const ours = await TensorBoardWriter.open(join(folder, 'events.out.tfevents.ncn'));
  const values = [0, 1 / 3, -1e-30, 1e30, 200_000];
  for (const [step, value] of values.entries()) {
    theirs.scalar('a', value, step);
    ours.scalar('a', step, value);
  }
  theirs.flush();
  await ours.close();
  const expected = values.map((value, step) => [step, Math.fround(value)]);
  expect(readByTensorBoard(folder).scalars['a']).toEqual(expected);
  expect(readByTensorBoard(join(folder, 'theirs')).scalars['a']).toEqual(expected);
});
