import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeInputs } from '../../cli/denoise-example.js';
import { Media } from '../../core/data/medium.js';
import { imageMedium } from '../../media/image/medium.js';
import { temporary } from '../e2e/support.js';

test('inputs of an example that no medium fits are named, and the others written', async () => {
  const folder = temporary();
  const signal = (shape: readonly number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((product, side) => product * side, 1)),
  });
  const inputs = new Map([
    ['mono', signal([21, 2])],
    ['input', signal([4, 6, 1])],
    ['aux', signal([5])],
  ]);
  const said = await writeInputs(inputs, new Media([imageMedium]), join(folder, 'out.png'));
  expect(said.others).toEqual(["'mono' [21, 2]", "'aux' [5]"]);
  expect([...said.written]).toEqual([['input', join(folder, 'out-input.png')]]);
  expect(readdirSync(folder)).toEqual(['out-input.png']);
});
