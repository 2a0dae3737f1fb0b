import type { RandomSequence } from '../../../../core/random/streams.js';

/** Knots of the displacement field along each side of the template's box. */
const KNOTS = 4;
/** Largest displacement of a knot, in box heights. */
const REACH = 0.1;

/** Random number around 0, standard deviation 1, at most 3.5: a sum of four uniforms. */
export function bell(random: RandomSequence): number {
  const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform();
  // Each has variance 1/12. Unlike Box and Muller's, exact on every platform.
  return (sum - 2) * Math.sqrt(3);
}

/**
 * A smooth random map of the plane, different for each image: an elastic displacement (bilinear
 * between random knots, as in Simard et al., "Best Practices for Convolutional Neural Networks",
 * ICDAR 2003, with a coarse grid in place of the Gaussian filter), then aspect, slant, rotation.
 */
export class Warp {
  private readonly dx = new Float64Array(KNOTS * KNOTS);
  private readonly dy = new Float64Array(KNOTS * KNOTS);
  private aspect = 1;
  private slant = 0;
  private cos = 1;
  private sin = 0;
  /** Where the last point went. */
  x = 0;
  y = 0;

  /** Draws another map. */
  draw(random: RandomSequence): void {
    for (let k = 0; k < KNOTS * KNOTS; k++) {
      this.dx[k] = (2 * random.uniform() - 1) * REACH;
      this.dy[k] = (2 * random.uniform() - 1) * REACH;
    }
    this.aspect = 1.16 + 0.2 * bell(random);
    // Most people lean to the right.
    this.slant = -0.12 + 0.22 * bell(random);
    // Rotation from the tangent of half the angle needs no trigonometric function.
    const t = 0.045 * bell(random);
    this.cos = (1 - t * t) / (1 + t * t);
    this.sin = (2 * t) / (1 + t * t);
  }

  /** Maps a point of the template's box (x in 0 … 0.72, y in 0 … 1) to `x` and `y`. */
  map(px: number, py: number): void {
    const gx = Math.min(0.999, Math.max(0, px / 0.72)) * (KNOTS - 1);
    const gy = Math.min(0.999, Math.max(0, py)) * (KNOTS - 1);
    const column = Math.floor(gx);
    const row = Math.floor(gy);
    const fx = gx - column;
    const fy = gy - row;
    const knot = row * KNOTS + column;
    const ex = (px + between(this.dx, knot, fx, fy)) * this.aspect;
    const ey = py + between(this.dy, knot, fx, fy);
    const sx = ex + this.slant * ey;
    this.x = this.cos * sx - this.sin * ey;
    this.y = this.sin * sx + this.cos * ey;
  }
}

function between(values: Float64Array, knot: number, fx: number, fy: number): number {
  const a = values[knot] ?? 0;
  const b = values[knot + 1] ?? 0;
  const c = values[knot + KNOTS] ?? 0;
  const d = values[knot + KNOTS + 1] ?? 0;
  const top = a + (b - a) * fx;
  const bottom = c + (d - c) * fx;
  return top + (bottom - top) * fy;
}
