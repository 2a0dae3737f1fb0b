/** What a timer of Node holds, some 24 days: one that is set to more fires at once. */
const longest = 2 ** 31 - 1;

/** Milliseconds for a timer, of seconds that somebody chose. */
export const timerOf = (seconds: number): number => Math.min(1000 * seconds, longest);
