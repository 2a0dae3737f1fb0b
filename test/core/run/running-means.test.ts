import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, parseJson } from '../../../core/run/json.js';
import { packNumbers, unpackNumbers } from '../../../core/run/packed.js';
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
  const name = fc.constantFrom('NaN', '-0', 'Infinity', '-Infinity');
  const lookalike = fc.record({ number: fc.oneof(name, fc.tuple(name), fc.tuple(fc.tuple(name))) });
  const part = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), lookalike);
  const state = fc.dictionary(
    fc.string(),
    fc.oneof(part, fc.array(part), fc.dictionary(fc.string(), part)),
  );
  fc.assert(
    fc.property(state, (value) => {
      const text = canonicalJson(packNumbers(value));
      expect(unpackNumbers(parseJson(text))).toEqual(value);
    }),
  );
});

test.each<[value: unknown, message: RegExp]>([
  [new Map([['a', 1]]), /The value is a Map/],
  [{ a: { b: [new Set()] } }, /'a\.b\.0' is a Set/],
  [Promise.resolve(1), /a Promise/],
  [{ at: new Date(0) }, /'at' is a Date/],
  [{ a: new Float32Array(2) }, /'a' is a Float32Array/],
  [[undefined], /'0' is undefined/],
  [{ a: 1n }, /'a' is a bigint/],
])('a state that JSON would change is refused', (value, message) => {
  expect(() => packNumbers(value)).toThrow(message);
});

test('a cycle is refused, and members that are undefined are left out', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  expect(() => packNumbers(cycle)).toThrow(/nested without end/);
  expect(packNumbers({ a: undefined, b: NaN })).toEqual({ b: { number: 'NaN' } });
});
