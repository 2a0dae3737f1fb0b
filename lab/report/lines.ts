import { downsample, runMeans, type Point } from '../../media/figures/downsample.js';
import type { FlatPoints, LineModel } from './model.js';

/** Points drawn of a line; more would not be seen. */
export const maxPoints = 800;

/** Means of a longer line, which smoothing begins with. */
export const maxMeans = 400;

/** A line as the page draws it: thinned, with means where it was long. */
export function lineOf(
  points: readonly Point[],
  about: Pick<LineModel, 'name' | 'colour' | 'dashed'>,
): LineModel {
  const finite = points.filter(([, y]) => Number.isFinite(y));
  const long = finite.length > maxMeans;
  return {
    ...about,
    points: flatten(downsample(finite, maxPoints)),
    ...(long ? { means: flatten(runMeans(finite, maxMeans)) } : {}),
    count: points.length,
  };
}

/** Six digits are more than can be seen, and make the page small. */
export const rounded = (value: number): number => Number(value.toPrecision(6));

function flatten(points: readonly Point[]): FlatPoints {
  return points.flatMap(([x, y]) => [Math.round(x), rounded(y)]);
}
