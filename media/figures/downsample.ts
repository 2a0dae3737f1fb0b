export type Point = readonly [x: number, y: number];

/**
 * Thins a line to at most `limit` points that keep its look: Steinarsson, "Downsampling Time
 * Series for Visual Representation" (2013), largest triangle three buckets. The first and the last
 * point stay; from each bucket between, the point that spans the largest triangle with the one
 * chosen before it and the mean of the bucket after it.
 * @param limit at least 3
 * @param scale of y as it will be drawn, such as its logarithm
 */
export function downsample(
  points: readonly Point[],
  limit: number,
  scale: (y: number) => number = (y) => y,
): readonly Point[] {
  if (points.length <= limit) return points;
  const size = (points.length - 2) / (limit - 2);
  const start = (bucket: number): number => Math.min(points.length, 1 + Math.floor(bucket * size));
  const chosen: Point[] = points.slice(0, 1);
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const from = start(bucket);
    const to = start(bucket + 1);
    const [ax, ay] = chosen.at(-1) ?? [0, 0];
    // Past the last bucket stands the last point alone.
    const [bx, by] = centre(
      points,
      to,
      bucket === limit - 3 ? points.length : start(bucket + 2),
      scale,
    );
    let largest = -1;
    let best: Point | undefined;
    for (let i = from; i < to; i++) {
      const point = points[i];
      if (point === undefined) break;
      const [x, y] = point;
      const area = Math.abs((ax - bx) * (scale(y) - scale(ay)) - (ax - x) * (by - scale(ay)));
      if (area > largest) [largest, best] = [area, point];
    }
    if (best !== undefined) chosen.push(best);
  }
  return [...chosen, ...points.slice(-1)];
}

function centre(
  points: readonly Point[],
  from: number,
  to: number,
  scale: (y: number) => number = (y) => y,
): Point {
  let sumX = 0;
  let sumY = 0;
  for (let i = from; i < to; i++) {
    const [x, y] = points[i] ?? [0, 0];
    sumX += x;
    sumY += scale(y);
  }
  return [sumX / (to - from), sumY / (to - from)];
}

/** Means of x and y over equal runs of the points, so that at most `limit` points remain. */
export function runMeans(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const edge = (run: number): number => Math.floor((run * points.length) / limit);
  return Array.from({ length: limit }, (_, run) => centre(points, edge(run), edge(run + 1)));
}
