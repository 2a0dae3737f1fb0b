import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';
import { stages, type Stage } from '../../../core/hooks/order.js';
import { hookOf, orderOf, type Wanted } from './support.js';

function refusalOf(taps: readonly Wanted[], plugins?: Iterable<string>): NcnError {
  try {
    hookOf(taps, plugins);
  } catch (error) {
    if (error instanceof NcnError) return error;
  }
  throw new Error('nothing was refused');
}

test('taps run by stage, then as registered', async () => {
  const taps: Wanted[] = [['a', { stage: 'late' }], ['b'], ['c', { stage: 'first' }], ['d']];
  expect(await orderOf(taps)).toEqual(['c', 'b', 'd', 'a']);
});

test('before and after win over registration and stage', async () => {
  const taps: Wanted[] = [['a', { after: 'c' }], ['b', { stage: 'late', before: 'a' }], ['c']];
  expect(await orderOf(taps)).toEqual(['c', 'b', 'a']);
});

test('who has demands moves, and no further than they ask; the others keep their places', async () => {
  expect(await orderOf([['p', { after: 'x' }], ['w'], ['x'], ['y', { stage: 'late' }]])).toEqual([
    ...['w', 'x', 'p', 'y'],
  ]);
  expect(await orderOf([['w'], ['x'], ['y'], ['p', { before: 'x', stage: 'last' }]])).toEqual([
    ...['w', 'p', 'x', 'y'],
  ]);
  // Met already: nothing moves.
  expect(await orderOf([['x'], ['w'], ['p', { after: 'x' }]])).toEqual(['x', 'w', 'p']);
});

test('demands carry over: what must run between two others puts them in order', async () => {
  expect(await orderOf([['late'], ['early'], ['p', { after: 'early', before: 'late' }]])).toEqual([
    ...['early', 'p', 'late'],
  ]);
});

test('demands name all taps of a plugin, and one that taps nothing else asks for nothing', async () => {
  expect(await orderOf([['a'], ['w'], ['a'], ['p', { before: 'a' }]])).toEqual([
    ...['p', 'a', 'w', 'a/2'],
  ]);
  expect(await orderOf([['a'], ['p', { before: 'quiet' }]], ['a', 'p', 'quiet'])).toEqual([
    ...['a', 'p'],
  ]);
});

test('the taps are read back with plugin and stage', () => {
  const { effective } = hookOf([['a', { stage: 'late', after: 'b' }], ['b']]);
  expect(effective.map(({ plugin, order }) => [plugin, order.stage])).toEqual([
    ['b', undefined],
    ['a', 'late'],
  ]);
});

test('an unknown plugin in before or after is an error with the nearest name', () => {
  const error = refusalOf([['a', { before: 'checkpoint' }]], ['a', 'checkpoints']);
  expect(error.code).toBe('NCN_HOOK_ORDER');
  expect(error.message).toBe(
    "Plugin 'a' wants to run before 'checkpoint' in hook 'h', but no such plugin is loaded.",
  );
  expect(error.hint).toBe("Did you mean 'checkpoints'?");
});

test('an unknown stage is an error with the nearest name', () => {
  // What a plugin in JavaScript may pass.
  const error = refusalOf([['a', { stage: 'erly' as Stage }]]);
  expect(error.code).toBe('NCN_HOOK_STAGE');
  expect(error.message).toBe("Plugin 'a' taps hook 'h' at the unknown stage 'erly'.");
  expect(error.hint).toBe("Did you mean 'early'?");
});

test('a cycle is an error that names those in it, and nobody else', () => {
  const error = refusalOf([
    ['a', { before: 'b' }],
    ['b', { before: 'c' }],
    ['c', { before: 'a' }],
    ['d', { after: 'a' }],
  ]);
  expect(error.code).toBe('NCN_HOOK_CYCLE');
  expect(error.message).toBe("The order of hook 'h' is a cycle between: a, b, c.");
});

const names = ['a', 'b', 'c', 'd', 'e'];
const demand = fc.oneof(
  { weight: 1, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }) },
);
interface Asked {
  readonly plugin: string;
  readonly stage: Stage;
  readonly before: readonly string[];
  readonly after: readonly string[];
}
const asked: fc.Arbitrary<Asked> = fc.record({
  plugin: fc.constantFrom(...names),
  stage: fc.constantFrom(...stages),
  before: demand,
  after: demand,
});

test('whatever is asked for: every demand is met, and who has no part in one stands by stage', () => {
  let [ordered, cycles] = [0, 0];
  const check = (taps: readonly Asked[]): void => {
    const all = taps.map((_, i) => i);
    const wanted = taps.map(({ plugin, ...order }): Wanted => [plugin, order]);
    // Who must run before whom, by their places in `taps`.
    const pairs = all
      .flatMap((i) => all.map((j) => [i, j] as const))
      .filter(([i, j]) => i !== j)
      .filter(
        ([i, j]) =>
          taps[i]?.before.includes(taps[j]?.plugin ?? '') === true ||
          taps[j]?.after.includes(taps[i]?.plugin ?? '') === true,
      );
    // Takes away whoever waits for nobody, until nobody is left or all wait for another.
    const waits = (left: readonly number[]): number[] =>
      left.filter((j) => pairs.some(([a, b]) => b === j && left.includes(a)));
    if (all.reduce(waits, all).length > 0) {
      cycles++;
      expect(refusalOf(wanted, names).code).toBe('NCN_HOOK_CYCLE');
      return;
    }
    ordered++;
    const orders = wanted.map(([, order]) => order);
    const places = hookOf(wanted, names).effective.map(({ order }) => orders.indexOf(order));
    expect([...places].sort()).toEqual(all);
    for (const [a, b] of pairs) expect(places.indexOf(a)).toBeLessThan(places.indexOf(b));
    const isFree = (i: number): boolean =>
      taps[i]?.before.length === 0 && taps[i].after.length === 0 && !pairs.flat().includes(i);
    const stageOf = (i: number): number => stages.indexOf(taps[i]?.stage ?? 'normal');
    expect(places.filter(isFree)).toEqual(
      all.filter(isFree).sort((i, j) => stageOf(i) - stageOf(j) || i - j),
    );
  };
  fc.assert(fc.property(fc.array(asked, { maxLength: 9 }), check), { numRuns: 2000, seed: 1 });
  expect(ordered).toBeGreaterThan(100);
  expect(cycles).toBeGreaterThan(100);
});
