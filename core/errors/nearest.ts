import leven from 'leven';

/**
 * The name closest to `wanted`, or undefined where nothing is close enough to be a likely typo
 * (edit distance over a third of the length, at least 2, or as long as the name itself).
 */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(Math.max(3, Math.floor(wanted.length / 3) + 1), wanted.length);
  for (const name of names) {
    const distance = leven(wanted.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      bestDistance = distance;
      best = name;
    }
  }
  return best;
}

/**
 * The same for what may be a path.
 * @param neighbours what is in the folder that the path leads to, written as the path is
 */
export function didYouMeanSpec(
  wanted: string,
  names: Iterable<string>,
  neighbours: Iterable<string>,
): string {
  const there = [...neighbours];
  const isPath = /^[.]{0,2}[\\/]/.test(wanted);
  if (!isPath) return didYouMean(wanted, nearest(wanted, there) === undefined ? names : there);
  return nearest(wanted, there) === undefined ? 'Check the path.' : didYouMean(wanted, there);
}

/** "Did you mean 'a' or 'b'?" of the first few. */
export function meant(names: readonly string[]): string {
  const [last = '', ...others] = names
    .slice(0, 4)
    .map((name) => `'${name}'`)
    .reverse();
  return `Did you mean ${others.length === 0 ? '' : `${others.reverse().join(', ')} or `}${last}?`;
}

/** "Did you mean …?" for an unknown name, or a list of what is known when nothing is near. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const known = [...names];
  const near = nearest(wanted, known);
  if (near !== undefined) return meant([near]);
  const longer = known.filter((name) => name.toLowerCase().includes(wanted.toLowerCase()));
  if (wanted.length > 1 && longer.length > 0 && longer.length < known.length) return meant(longer);
  return known.length === 0 ? 'There are none.' : `Known: ${known.join(', ')}.`;
}
