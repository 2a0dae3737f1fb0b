import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, packNumbers, parseJson, unpackNumbers } from '../../../core/run/json.js';
import { RunningMeans, runningMeansSchema } from '../../../core/run/running-means.js';

/** Through the text of a checkpoint, and the schema that it is checked with. */
const throughCheckpoint = (means: RunningMeans): RunningMeans => {
  const text = canonicalJson(packNumbers(means.save()));
  const restored = new RunningMeans();
  restored.restore(runningMeansSchema.parse(unpackNumbers(parseJson(text))));
  return restored;
};

test('each name has the mean of the updates that had it', () => {
  const means = new RunningMeans();
  means.add(new Map([['a', 1]]));
  means.add(
    new Map([
      ['b', 5],
      ['a', 2],
    ]),
  );
  expect([...means.take()]).toEqual([
    ['a', 1.5],
    ['b', 5],
  ]);
  expect(means.take().size).toBe(0);
});

test('NaN and the infinities survive a checkpoint, and go on as they would have', () => {
  const values = { nan: NaN, high: Infinity, low: -Infinity, plain: 0.1, zero: -0 };
  const whole = new RunningMeans();
  whole.add(new Map(Object.entries(values)));
  const resumed = throughCheckpoint(whole);
  for (const means of [whole, resumed])
    means.add(
      new Map([
        ['high', 1],
        ['low', Infinity],
        ['plain', 0.2],
      ]),
    );
  const expected = whole.take();
  expect(resumed.take()).toEqual(expected);
  expect(expected.get('nan')).toBeNaN();
  expect(expected.get('high')).toBe(Infinity);
  expect(expected.get('low')).toBeNaN(); // −∞ + ∞
  expect(expected.get('plain')).toBe((0.1 + 0.2) / 2);
});

test('any numbers come back bit for bit, wherever they stand', () => {
  const part = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null));
  const state = fc.dictionary(
    fc.string(),
    fc.oneof(part, fc.array(part), fc.dictionary(fc.string(), part)),
  );
  fc.assert(
    fc.property(state, (value) => {
      // An object of this one key would be taken for what it stands for; plugins have no such state.
      fc.pre(!/"number":"(NaN|-?Infinity|-0)"/.test(JSON.stringify(value)));
      const text = canonicalJson(packNumbers(value));
      expect(unpackNumbers(parseJson(text))).toEqual(value);
    }),
  );
});
