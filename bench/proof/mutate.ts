import type { RandomSequence } from '../../core/random/streams.js';

/** One of a list. */
export function pick<T>(random: RandomSequence, list: readonly [T, ...T[]]): T {
  return list[random.below(list.length)] ?? list[0];
}

const extremes = [0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff] as const;

/** Changes bytes in one to four ways: flipped, replaced, cut, repeated, put in, set to extremes. */
export function mutateBytes(random: RandomSequence, valid: Uint8Array): Buffer {
  let bytes = Buffer.from(valid);
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(bytes.length + 1);
    const length = random.below(pick(random, [4, 16, 64]));
    switch (random.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes.fill(random.below(256), at, Math.min(bytes.length, at + length));
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      case 4: {
        const more = Buffer.from(Array.from({ length }, () => random.below(256)));
        bytes = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
        break;
      }
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      default:
        if (at + 4 > bytes.length) break;
        if (random.below(2) === 0) bytes.writeUInt32BE(pick(random, extremes), at);
        else bytes.writeUInt32LE(pick(random, extremes), at);
    }
  }
  return bytes;
}

const pieces = [
  ...['[', ']', '{', '}', '"', "'", ':', ',', '=', '.', '..', '-', '+', '\\', '/', '\n', ' ', '\t'],
  ...['0', '1', '7', '10', '0x10', '.5', '5.', '1e3', '1e400', '-0', '9007199254740993', 'NaN'],
  ...[
    'null',
    'true',
    'false',
    'schedule',
    'seed',
    'updates',
    '__proto__',
    'constructor',
    'dcgans_*',
  ],
  ...['\u0000', '\u001b[31m', 'ä', '💥', '\ud800', '\u202e', '%', '*', '?', '(', '{a,b}', '!'],
] as const;

/** A text of pieces that parsers treat in ways of their own, now and then of very many. */
export function anyText(random: RandomSequence): string {
  if (random.below(100) === 0) return pick(random, ['[', '{"a":', '((']).repeat(20_000);
  const length = random.below(pick(random, [4, 12, 60]));
  return Array.from({ length }, () => pick(random, pieces)).join('');
}

/** A text with a few characters changed, or pieces put in. */
export function mutateText(random: RandomSequence, valid: string): string {
  let text = valid;
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(text.length + 1);
    const gone = random.below(3) === 0 ? random.below(24) : 0;
    const more = random.below(3) === 0 ? '' : pick(random, pieces);
    text = text.slice(0, at) + more + text.slice(at + gone);
  }
  return text;
}
