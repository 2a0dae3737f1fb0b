/**
 * Whether entry `index` (0, 1, …) of a series that grows with the run is kept: all of the first
 * `dense`, then every second up to twice as many, every fourth up to four times as many, and so
 * on. So n entries keep about dense·(1 + ½·log2(n/dense)), and which ones does not depend on where the
 * run ends or was resumed.
 */
export function isKept(index: number, dense: number): boolean {
  let stride = 1;
  for (let reach = dense; index >= reach; reach *= 2) stride *= 2;
  return index % stride === 0;
}
