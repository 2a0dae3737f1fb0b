/** What so many of all that there are gave; how many stands behind it where some are missing. Used by pages too. */
export const outOf = (text: string, n: number, all: number): string =>
  n === 0 || n >= all ? text : `${text} (${n} of ${all})`;
