import { expect, test } from 'vitest';
import { RandomStreams } from '../../../../core/random/streams.js';
import {
  inPieces,
  pieceSamples,
  type WholeNetwork,
} from '../../../../media/audio/denoise/whole.js';

const random = new RandomStreams(1).at('whole');

/** As a network that looks 0.4 s back and ahead, and mixes what it is given. */
const far = 6400;
const local = ({ input, cancelled }: Parameters<WholeNetwork>[0]): Float32Array =>
  input.map((_, n) => 0.5 * (input[n - far] ?? 0) + 0.3 * (cancelled[n + far] ?? 0));

test.each([1, 1000, pieceSamples, pieceSamples + 1, 3 * pieceSamples - 77])(
  '%i samples in pieces are as they would be at once',
  async (length) => {
    const [input, reference, cancelled] = [0, 1, 2].map(() =>
      random.fillUniform(new Float32Array(length), -1, 1),
    );
    if (input === undefined || reference === undefined || cancelled === undefined) return;
    const lengths = new Set<number>();
    const output = await inPieces(
      (piece) => {
        lengths.add(piece.reference.length);
        return Promise.resolve(local(piece));
      },
      { input, reference, cancelled },
    );
    expect([...lengths]).toEqual([pieceSamples]);
    const expected = local({ input, reference, cancelled });
    expect(output.length).toBe(length);
    const most = output.reduce((m, v, n) => Math.max(m, Math.abs(v - (expected[n] ?? NaN))), 0);
    expect(most).toBeLessThan(1e-6);
  },
);
