import { RandomStreams } from '../../../../core/random/streams.js';
import { paint } from './paint.js';
import { Path } from './path.js';
import { templates } from './templates.js';
import { bell, Warp } from './warp.js';

/** Height and width of an image, in pixels. */
export const GLYPH_SIZE = 28;

/** Any change of the pictures needs another version: results made with them are not comparable. */
export const GLYPHS_VERSION = 1;

/** The seed is part of the data set: it does not follow the seed of a run. */
const streams = new RandomStreams(GLYPHS_VERSION);

/** Side of the box that a digit fills, and where its centre of mass is, in pixels (as in MNIST). */
const BOX = 20;
const CENTRE = 14;

/**
 * Draws images of the embedded data set. Image i depends on nothing but the split and i. Only
 * +, −, ×, ÷ and √ are used, which IEEE 754 rounds correctly: every platform gets the same bytes.
 */
export class GlyphArtist {
  private readonly path = new Path();
  private readonly warp = new Warp();
  private readonly warped = new Float64Array(64);

  /**
   * Draws image `index` of a split into out[offset …], 28 × 28 bytes that must be zero.
   * @returns the digit that it shows
   */
  draw(split: 'train' | 'test', index: number, out: Uint8Array, offset = 0): number {
    const random = streams.at(`glyphs/${split}`, index);
    const digit = random.below(templates.length);
    const hands = templates[digit] ?? [];
    const hand = hands[random.below(hands.length)] ?? [];
    this.warp.draw(random);
    const pen = Math.max(0.7, 1.3 + 0.36 * bell(random));
    const pressed = (): number => Math.max(0.6, pen * (1 + 0.13 * bell(random)));
    const { path, warped } = this;
    path.clear();
    for (const { points, corner } of hand) {
      const first = path.size;
      const last = corner.length - 1;
      for (let k = 0; k <= last; k++) {
        this.warp.map(points[2 * k] ?? 0, points[2 * k + 1] ?? 0);
        warped[2 * k] = this.warp.x;
        warped[2 * k + 1] = this.warp.y;
      }
      let from = 0;
      for (let k = 1; k <= last; k++) {
        if (k < last && corner[k] !== true) continue;
        path.curve(warped, from, k);
        from = k;
      }
      path.press(first, pressed(), pressed(), pressed());
    }
    const soft = 1.2 + 0.3 * random.uniform();
    const wander = 0.2;
    path.fit(
      BOX,
      pen + soft / 2 - 0.1,
      CENTRE + wander * (2 * random.uniform() - 1),
      CENTRE + wander * (2 * random.uniform() - 1),
    );
    paint(path, soft, GLYPH_SIZE, out, offset);
    return digit;
  }
}
