import { get, increase, number, repeat, set, start, type } from './assembler.js';
import { keySteps, multipliers, rounds } from './philox.js';

/** As many numbers as the module's memory has room for. */
export const uniformAtOnce = 16384;

/** Numbers that are made together: four blocks. */
export const uniformTogether = 16;

/**
 * Uniform numbers of 24 bits, low + ⌊n / 256⌋ · scale in float64, rounded to float32, for the numbers n
 * of the blocks that `philox` gives for the same counters and key: the documented discriminator starts
 * from 45 million of them. Four blocks at a time, one in each lane, bit for bit as one by one.
 * @param count a multiple of {@link uniformTogether}, at most {@link uniformAtOnce}
 * @returns `count` numbers, valid until the next call
 */
export function uniform(
  count: number,
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  low: number,
  scale: number,
): Float32Array {
  started ??= begin();
  started.fill(0, count / uniformTogether, ...counter, ...key, low, scale);
  return started.numbers.subarray(0, count);
}

interface Started {
  readonly fill: (...given: number[]) => void;
  readonly numbers: Float32Array;
}

let started: Started | undefined;

function begin(): Started {
  const { i32, f64, v128 } = type;
  const parameters = [...Array.from({ length: 8 }, () => i32), f64, f64];
  const variables = [[vectors, v128] as const];
  const { call, memory } = start({ parameters, variables, body: body() });
  return { fill: call, numbers: new Float32Array(memory) };
}

/** The function's variables: parameters, then vectors. */
const v = {
  ...{ place: 0, left: 1, block: 2, c1: 3, c2: 4, c3: 5, k0: 6, k1: 7, low: 8, scale: 9 },
  ...{ a: 10, b: 11, c: 12, d: 13, x: 14, y: 15 },
  ...{ product0: 16, product0High: 17, product1: 18, product1High: 19, lows: 20, scales: 21 },
} as const;
const vectors = 12;

const simd = (code: number, ...immediate: number[]): number[] => [
  ...[0xfd, ...number(code)],
  ...immediate,
];
const store = (offset: number): number[] => simd(11, 4, offset);
/** Four whole numbers of 32 bits. */
const four = (...values: readonly number[]): number[] => {
  const bytes = new Uint8Array(Uint32Array.from(values, (value) => value >>> 0).buffer);
  return simd(12, ...bytes);
};
const fourTimes = (value: number): number[] => four(value, value, value, value);
/** Of two vectors' eight numbers, four. */
const shuffle = (...lanes: readonly number[]): number[] =>
  simd(13, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
const spread = simd(17);
const spreadReal = simd(20);
const xor = simd(81);
const narrow = simd(94);
const shiftRight = simd(173);
const add = simd(174);
const productLow = simd(222);
const productHigh = simd(223);
const addReal = simd(240);
const multiplyReal = simd(242);
const toReal = simd(254);

/** Four products of 64 bits, in two vectors. */
const products = (of: number, multiplier: number, to: number): number[] => [
  ...[...get(of), ...fourTimes(multiplier), ...productLow, ...set(to)],
  ...[...get(of), ...fourTimes(multiplier), ...productHigh, ...set(to + 1)],
];
const lowHalves = (of: number): number[] => [...get(of), ...get(of + 1), ...shuffle(0, 2, 4, 6)];
const highHalves = (of: number): number[] => [...get(of), ...get(of + 1), ...shuffle(1, 3, 5, 7)];

function round(): number[] {
  const step = (key: number, by: number): number[] => [
    ...[...get(key), ...fourTimes(by), ...add],
    ...set(key),
  ];
  return [
    ...products(v.a, multipliers[0], v.product0),
    ...products(v.c, multipliers[1], v.product1),
    ...[...highHalves(v.product1), ...get(v.b), ...xor, ...get(v.x), ...xor, ...set(v.a)],
    ...[...lowHalves(v.product1), ...set(v.b)],
    ...[...highHalves(v.product0), ...get(v.d), ...xor, ...get(v.y), ...xor, ...set(v.c)],
    ...[...lowHalves(v.product0), ...set(v.d)],
    ...step(v.x, keySteps[0]),
    ...step(v.y, keySteps[1]),
  ];
}

/** low + n · scale, of two numbers of one lane, which two vectors hold. */
function two(first: number, second: number, lane: number): number[] {
  return [
    ...[...get(first), ...get(second), ...shuffle(lane, 4 + lane, lane, 4 + lane)],
    ...[...toReal, ...get(v.scales), ...multiplyReal, ...get(v.lows), ...addReal],
    ...narrow,
  ];
}

/** Four blocks, one after the other, as real numbers. */
function leave(): number[] {
  const upper = [v.a, v.b, v.c, v.d].flatMap((variable) => [
    ...[...get(variable), 0x41, 8, ...shiftRight],
    ...set(variable),
  ]);
  const blocks = [0, 1, 2, 3].flatMap((lane) => [
    ...get(v.place),
    ...two(v.a, v.b, lane),
    ...two(v.c, v.d, lane),
    ...shuffle(0, 1, 4, 5),
    ...store(16 * lane),
  ]);
  return [...upper, ...blocks];
}

function body(): number[] {
  const all = (from: number, to: number): number[] => [...get(from), ...spread, ...set(to)];
  const real = (from: number, to: number): number[] => [...get(from), ...spreadReal, ...set(to)];
  const blocks = [
    ...[...get(v.block), ...spread, ...four(0, 1, 2, 3), ...add, ...set(v.a)],
    ...all(v.c1, v.b),
    ...all(v.c2, v.c),
    ...all(v.c3, v.d),
    ...all(v.k0, v.x),
    ...all(v.k1, v.y),
    ...Array.from({ length: rounds }, round).flat(),
    ...leave(),
    ...increase(v.place, 4 * uniformTogether),
    ...increase(v.block, 4),
    ...increase(v.left, -1),
  ];
  return [...real(v.low, v.lows), ...real(v.scale, v.scales), ...repeat(blocks, v.left)];
}
