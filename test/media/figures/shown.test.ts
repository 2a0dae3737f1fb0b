import { expect, test } from 'vitest';
import { Media } from '../../../core/data/medium.js';
import type { HostTensor } from '../../../core/engine/types.js';
import { labelOf, shownSignals } from '../../../media/figures/shown.js';
import { imageMedium } from '../../../media/image/medium.js';
import { waveMedium } from '../../../media/wave/medium.js';

const tensor = (...shape: number[]): HostTensor => ({
  shape: [2, ...shape],
  data: new Float32Array(2 * shape.reduce((a, b) => a * b, 1)),
});
const picture = tensor(4, 4, 1);
const media = new Media([imageMedium, waveMedium()]);
const rolesOf = (inputs: readonly string[], made: readonly string[]): string[] =>
  shownSignals(media, inputs, {
    signals: new Map(made.map((role) => [role, picture])),
    output: picture,
  }).map(({ role }) => role);

test.each([
  [
    ['input', 'reference'],
    ['input', 'reference', 'target'],
    ['reference', 'input', 'target', 'output'],
  ],
  [['mixture'], ['target', 'speaker', 'mixture'], ['mixture', 'speaker', 'target', 'output']],
  [
    ['b', 'a'],
    ['a', 'b'],
    ['b', 'a', 'output'],
  ],
  [['target'], ['extra', 'target'], ['extra', 'target', 'output']],
])('a network of %j that is given %j shows %j', (inputs, made, shown) => {
  expect(rolesOf(inputs, made)).toEqual(shown);
});

test('each has the medium of its shape; what none fits is left out, and told', () => {
  const without: unknown[] = [];
  const signals = new Map([
    ['wave', tensor(16, 1)],
    ['numbers', tensor(3)],
    ['target', picture],
  ]);
  const shown = shownSignals(media, ['numbers', 'wave'], { signals, output: tensor(7) }, (...of) =>
    without.push(of),
  );
  expect(shown.map(({ label, medium }) => [label, medium.name])).toEqual([
    ['wave', 'wave'],
    ['ground truth', 'image'],
  ]);
  expect(shown[0]?.tensor).toBe(signals.get('wave'));
  expect(without).toEqual([
    ['numbers', [3]],
    ['output', [7]],
  ]);
  expect(['input', 'target', 'output'].map(labelOf)).toEqual(['input', 'ground truth', 'output']);
});
