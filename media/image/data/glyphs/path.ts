/** Straight pieces that a span between two points of a stroke is cut into. */
const STEPS = 4;

/** More than any template needs. */
const CAPACITY = 256;

/**
 * A drawn path: pieces of straight line from (x0, y0) to (x1, y1), each with the radius of the
 * pen at both ends. Buffers are kept from image to image.
 */
export class Path {
  size = 0;
  readonly x0 = new Float64Array(CAPACITY);
  readonly y0 = new Float64Array(CAPACITY);
  readonly x1 = new Float64Array(CAPACITY);
  readonly y1 = new Float64Array(CAPACITY);
  readonly r0 = new Float64Array(CAPACITY);
  readonly r1 = new Float64Array(CAPACITY);

  clear(): void {
    this.size = 0;
  }

  /**
   * Adds a smooth curve (uniform Catmull-Rom spline) through points[from … to], `x, y`
   * alternating.
   */
  curve(points: Float64Array, from: number, to: number): void {
    for (let k = from; k < to; k++) {
      const before = Math.max(from, k - 1);
      const after = Math.min(to, k + 2);
      let lastX = points[2 * k] ?? 0;
      let lastY = points[2 * k + 1] ?? 0;
      for (let step = 1; step <= STEPS; step++) {
        const t = step / STEPS;
        const x = catmullRom(points, 2 * before, 2 * k, 2 * k + 2, 2 * after, t);
        const y = catmullRom(points, 2 * before + 1, 2 * k + 1, 2 * k + 3, 2 * after + 1, t);
        this.add(lastX, lastY, x, y);
        lastX = x;
        lastY = y;
      }
    }
  }

  private add(x0: number, y0: number, x1: number, y1: number): void {
    const at = this.size++;
    this.x0[at] = x0;
    this.y0[at] = y0;
    this.x1[at] = x1;
    this.y1[at] = y1;
  }

  /**
   * Sizes and places the path as MNIST does: the longer side of its box, pen included, is `side`
   * pixels, and the centre of mass (length times width of the line) comes to (cx, cy).
   */
  fit(side: number, pen: number, cx: number, cy: number): void {
    let left = Infinity;
    let right = -Infinity;
    let top = Infinity;
    let bottom = -Infinity;
    let mass = 0;
    let massX = 0;
    let massY = 0;
    for (let k = 0; k < this.size; k++) {
      const x0 = this.x0[k] ?? 0;
      const y0 = this.y0[k] ?? 0;
      const x1 = this.x1[k] ?? 0;
      const y1 = this.y1[k] ?? 0;
      left = Math.min(left, x0, x1);
      right = Math.max(right, x0, x1);
      top = Math.min(top, y0, y1);
      bottom = Math.max(bottom, y0, y1);
      const piece = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
      const ink = piece * ((this.r0[k] ?? 0) + (this.r1[k] ?? 0));
      mass += ink;
      massX += (ink * (x0 + x1)) / 2;
      massY += (ink * (y0 + y1)) / 2;
    }
    const scale = (side - 2 * pen) / Math.max(right - left, bottom - top);
    const moveX = cx - (massX / mass) * scale;
    const moveY = cy - (massY / mass) * scale;
    for (let k = 0; k < this.size; k++) {
      this.x0[k] = (this.x0[k] ?? 0) * scale + moveX;
      this.y0[k] = (this.y0[k] ?? 0) * scale + moveY;
      this.x1[k] = (this.x1[k] ?? 0) * scale + moveX;
      this.y1[k] = (this.y1[k] ?? 0) * scale + moveY;
    }
  }

  /** The pen's radius along pieces from … size−1: `start` to `middle` to `end`. */
  press(from: number, start: number, middle: number, end: number): void {
    const count = this.size - from;
    const radius = (t: number): number =>
      t < 0.5 ? start + (middle - start) * 2 * t : middle + (end - middle) * (2 * t - 1);
    for (let k = 0; k < count; k++) {
      this.r0[from + k] = radius(k / count);
      this.r1[from + k] = radius((k + 1) / count);
    }
  }
}

/** Catmull and Rom, "A Class of Local Interpolating Splines" (1974), tension one half. */
function catmullRom(
  v: Float64Array,
  ia: number,
  ib: number,
  ic: number,
  id: number,
  t: number,
): number {
  const a = v[ia] ?? 0;
  const b = v[ib] ?? 0;
  const c = v[ic] ?? 0;
  const d = v[id] ?? 0;
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
