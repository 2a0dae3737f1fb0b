import type { Path } from './path.js';

/**
 * Paints a path into a grey image: brightness falls from 255 to 0 over `soft` pixels across the
 * edge of the pen. Each piece touches the pixels of its own box only.
 *
 * @param out size × size bytes, starting at `offset`, all zero
 */
export function paint(
  path: Path,
  soft: number,
  size: number,
  out: Uint8Array,
  offset: number,
): void {
  for (let k = 0; k < path.size; k++) {
    const x0 = path.x0[k] ?? 0;
    const y0 = path.y0[k] ?? 0;
    const dx = (path.x1[k] ?? 0) - x0;
    const dy = (path.y1[k] ?? 0) - y0;
    const r0 = path.r0[k] ?? 0;
    const dr = (path.r1[k] ?? 0) - r0;
    const reach = Math.max(r0, r0 + dr) + soft / 2;
    const left = Math.max(0, Math.ceil(Math.min(x0, x0 + dx) - reach));
    const right = Math.min(size - 1, Math.floor(Math.max(x0, x0 + dx) + reach));
    const top = Math.max(0, Math.ceil(Math.min(y0, y0 + dy) - reach));
    const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y0 + dy) + reach));
    const inverse = 1 / Math.max(1e-12, dx * dx + dy * dy);
    for (let y = top; y <= bottom; y++) {
      const py = y - y0;
      const row = offset + y * size;
      for (let x = left; x <= right; x++) {
        const px = x - x0;
        const along = (px * dx + py * dy) * inverse;
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const square = ex * ex + ey * ey;
        if (square >= reach * reach) continue;
        const inside = (r0 + t * dr - Math.sqrt(square)) / soft + 0.5;
        // A smooth step, as a scanner's blur gives.
        const light = inside >= 1 ? 1 : inside <= 0 ? 0 : inside * inside * (3 - 2 * inside);
        const grey = Math.floor(light * 255 + 0.5);
        if (grey > (out[row + x] ?? 0)) out[row + x] = grey;
      }
    }
  }
}
