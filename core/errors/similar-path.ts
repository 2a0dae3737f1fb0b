import { didYouMean, meant, nearest } from './nearest.js';

/** What other programs call values, without case and signs: the last part of the path here. */
const elsewhere: ReadonlyMap<string, string> = new Map(
  Object.entries({
    lr: 'learningRate',
    eta: 'learningRate',
    epochs: 'updates',
    epoch: 'updates',
    steps: 'updates',
    maxsteps: 'updates',
    iterations: 'updates',
    iters: 'updates',
    batchsize: 'batch',
    bs: 'batch',
    wd: 'weightDecay',
    workers: 'threads',
    device: 'engine',
    backend: 'engine',
  }),
);

const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** "Did you mean …?" for the path of a value, which may lack its plugin or have another's word. */
export function didYouMeanPath(wanted: string, paths: Iterable<string>): string {
  const known = [...paths];
  if (nearest(wanted, known) !== undefined) return didYouMean(wanted, known);
  const given = bare(lastOf(wanted));
  const word = bare(elsewhere.get(given) ?? given);
  const same = known.filter((path) => bare(lastOf(path)) === word);
  return same.length > 0 ? meant(same) : didYouMean(wanted, known);
}
