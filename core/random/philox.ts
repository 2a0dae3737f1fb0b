import { constant64, get, increase, repeat, set, start, type } from './assembler.js';

/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy
 * as 1, 2, 3" (SC 2011, section 3.3). A block of four 32-bit numbers is a pure function of a
 * 128-bit counter and a 64-bit key, so any block can be had without the ones before it.
 *
 * In WebAssembly, which multiplies 32-bit numbers to 64 bits in one instruction.
 */

/** Blocks that a module's memory, one page of 64 KiB, has room for. */
export const blocksAtOnce = 4096;

/**
 * The blocks for the counters (c0 … c0 + count − 1, c1, c2, c3) and the key (k0, k1).
 * @param count at most {@link blocksAtOnce}
 * @returns four uniformly distributed unsigned integers a block, valid until the next call
 */
export function philox(
  count: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): Uint32Array {
  started ??= begin();
  started.fill(0, count, c0, c1, c2, c3, k0, k1);
  return started.numbers.subarray(0, count * 4);
}

interface Started {
  readonly fill: (...given: number[]) => void;
  readonly numbers: Uint32Array;
}

let started: Started | undefined;

function begin(): Started {
  const { i32, i64 } = type;
  const parameters = Array.from({ length: 8 }, () => i32);
  const variables = [[6, i32] as const, [2, i64] as const];
  const { call, memory } = start({ parameters, variables, body: body() });
  return { fill: call, numbers: new Uint32Array(memory) };
}

/** Constants of the generator, as in the paper. */
export const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
export const keySteps = [0x9e3779b9, 0xbb67ae85] as const;
export const rounds = 10;

/** The function's variables: parameters, then the state of a block, then two products of 64 bits. */
const v = {
  ...{ place: 0, left: 1, block: 2, c1: 3, c2: 4, c3: 5, k0: 6, k1: 7 },
  ...{ a: 8, b: 9, c: 10, d: 11, x: 12, y: 13 },
  ...{ product0: 14, product1: 15 },
} as const;

const xor = 0x73;
const multiply64 = 0x7e;
const shiftRight64 = 0x88;
const low = 0xa7;
const widen = 0xad;

const product = (of: number, multiplier: number, to: number): number[] => [
  ...[...get(of), widen, ...constant64(multiplier), multiply64],
  ...set(to),
];
const high = (of: number): number[] => [...get(of), ...constant64(32), shiftRight64, low];

function round(): number[] {
  return [
    ...product(v.a, multipliers[0], v.product0),
    ...product(v.c, multipliers[1], v.product1),
    ...[...high(v.product1), ...get(v.b), xor, ...get(v.x), xor, ...set(v.a)],
    ...[...get(v.product1), low, ...set(v.b)],
    ...[...high(v.product0), ...get(v.d), xor, ...get(v.y), xor, ...set(v.c)],
    ...[...get(v.product0), low, ...set(v.d)],
    ...increase(v.x, keySteps[0]),
    ...increase(v.y, keySteps[1]),
  ];
}

/** One block after the other. */
function body(): number[] {
  const copy = (from: number, to: number): number[] => [...get(from), ...set(to)];
  const store = (variable: number, offset: number): number[] => [
    ...[...get(v.place), ...get(variable)],
    ...[0x36, 2, offset],
  ];
  const block = [
    ...copy(v.block, v.a),
    ...copy(v.c1, v.b),
    ...copy(v.c2, v.c),
    ...copy(v.c3, v.d),
    ...copy(v.k0, v.x),
    ...copy(v.k1, v.y),
    ...Array.from({ length: rounds }, round).flat(),
    ...[...store(v.a, 0), ...store(v.b, 4), ...store(v.c, 8), ...store(v.d, 12)],
    ...increase(v.place, 16),
    ...increase(v.block, 1),
    ...increase(v.left, -1),
  ];
  return repeat(block, v.left);
}
