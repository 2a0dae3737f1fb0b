import { expect, test } from 'vitest';
import { tf } from '../../../../core/tf.js';
import { declare, expectSameWithGradients, random, type Doubles, type Pair } from './support.js';

const [batch, time, features, units] = [2, 3, 2, 2];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

type Gates = (given: readonly number[], own: readonly number[], states: number[]) => void;

/** x·W + b for a row, gate by gate; the same of the state; a cell in plain loops. */
const plain =
  (gates: number, states: number, backwards: boolean, cell: (unit: number) => Gates) =>
  (...inputs: Doubles[]): Doubles => {
    const [x, kernel, recurrent, bias, ownBias] = inputs.map(({ data }) => data);
    const out = new Float64Array(batch * time * units);
    const wide = gates * units;
    for (let b = 0; b < batch; b++) {
      let state = Array.from({ length: units }, () => new Array<number>(states).fill(0));
      for (let step = 0; step < time; step++) {
        const t = backwards ? time - 1 - step : step;
        const sum = (column: number): number => {
          let value = bias?.[column] ?? NaN;
          for (let i = 0; i < features; i++) {
            value +=
              (x?.[(b * time + t) * features + i] ?? NaN) * (kernel?.[i * wide + column] ?? NaN);
          }
          return value;
        };
        const own = (column: number): number => {
          let value = ownBias?.[column] ?? NaN;
          for (let i = 0; i < units; i++) {
            value += (state[i]?.[0] ?? NaN) * (recurrent?.[i * wide + column] ?? NaN);
          }
          return value;
        };
        state = state.map((before, unit) => {
          const columns = Array.from({ length: gates }, (_, gate) => gate * units + unit);
          const next = [...before];
          cell(unit)(columns.map(sum), columns.map(own), next);
          return next;
        });
        state.forEach(([h = NaN], unit) => (out[(b * time + t) * units + unit] = h));
      }
    }
    return { shape: [batch, time, units], data: out };
  };

const gru: Gates = ([xr = NaN, xz = NaN, xn = NaN], [hr = NaN, hz = NaN, hn = NaN], state) => {
  const z = sigmoid(xz + hz);
  const n = Math.tanh(xn + sigmoid(xr + hr) * hn);
  state[0] = (1 - z) * n + z * (state[0] ?? NaN);
};

const lstm: Gates = (given, own, state) => {
  const [i = NaN, f = NaN, g = NaN, o = NaN] = given.map((x, k) => x + (own[k] ?? NaN));
  state[1] = sigmoid(f) * (state[1] ?? NaN) + sigmoid(i) * Math.tanh(g);
  state[0] = sigmoid(o) * Math.tanh(state[1]);
};

const names = ['kernel', 'recurrent_kernel', 'bias', 'recurrent_bias'].map((part) => `r/${part}`);

const inputsOf = (gates: number): Doubles[] => [
  random([batch, time, features], 1),
  random([features, gates * units], 2),
  random([units, gates * units], 3),
  random([gates * units], 4),
  random([gates * units], 5),
];

const pairs: readonly (readonly [string, Pair])[] = [
  [
    'gru',
    {
      layer: (layers, x) => layers.gru('r', x, units),
      parameters: names,
      plain: plain(3, 1, false, () => gru),
      inputs: inputsOf(3),
    },
  ],
  [
    'gru backwards',
    {
      layer: (layers, x) => layers.gru('r', x, units, { backwards: true }),
      parameters: names,
      plain: plain(3, 1, true, () => gru),
      inputs: inputsOf(3),
    },
  ],
  [
    'lstm',
    {
      layer: (layers, x) => layers.lstm('r', x, units),
      parameters: names,
      plain: plain(4, 2, false, () => lstm),
      inputs: inputsOf(4),
    },
  ],
];

test.each(pairs)('%s: values and gradients', (_, pair) => {
  expectSameWithGradients(pair);
});

test('what they declare', () => {
  const { parameters, shape, multiplyAdds } = declare((layers) =>
    layers.lstm('r', layers.gru('g', tf.zeros([1, 5, 3]), 4), 2),
  );
  expect(shape).toEqual([1, 5, 2]);
  expect(multiplyAdds).toBe(5 * 3 * 4 * (3 + 4) + 5 * 4 * 2 * (4 + 2));
  expect(parameters.get('g/recurrent_kernel')?.shape).toEqual([4, 12]);
  expect([...(parameters.get('r/recurrent_bias')?.data ?? [])]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});

test('an input without a time axis is refused', () => {
  expect(() => declare((layers) => layers.gru('r', tf.zeros([1, 5]), 4))).toThrow(
    /Layer 'r' \(gru\) was given a tensor of shape \[1, 5\]/,
  );
});
