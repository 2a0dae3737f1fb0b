import { notConforming } from '../../errors/conformance.js';
import { canonicalJson } from '../../../core/run/json.js';
import type { TinyRun } from '../run.js';

/** @throws NcnError saying what differs first between two runs that should be equal */
export function expectEqual(
  plugin: string,
  check: string,
  [one, other]: readonly [TinyRun, TinyRun],
  hint: string,
): void {
  const what = difference(one, other, plugin);
  if (what !== undefined) throw notConforming(plugin, check, what, hint);
}

function difference(one: TinyRun, other: TinyRun, plugin: string): string | undefined {
  for (const [update, metrics] of one.metrics.entries()) {
    for (const [name, value] of metrics) {
      const second = other.metrics[update]?.get(name);
      if (Object.is(second, value)) continue;
      return `'${name}' of update ${update + 1} was ${value}, then ${String(second)}.`;
    }
  }
  for (const [name, { data }] of one.state) {
    const second = other.state.get(name)?.data;
    const at = data.findIndex((value, i) => !Object.is(value, second?.[i]));
    if (second === undefined || at >= 0) {
      return `the tensor '${name}' differs at the end (at ${at}: ${String(data[at])}, then ${String(second?.[at])}).`;
    }
  }
  const [state, second] = [one.plugins[plugin] ?? null, other.plugins[plugin] ?? null];
  if (canonicalJson(state) !== canonicalJson(second)) {
    return `its saved state was ${canonicalJson(state)}, then ${canonicalJson(second)}.`;
  }
  if (one.log !== other.log) return firstLine(one.log.split('\n'), other.log.split('\n'));
  for (const [name, value] of one.summary) {
    if (!Object.is(other.summary.get(name), value)) {
      return `'${name}' in the summary was ${value}, then ${String(other.summary.get(name))}.`;
    }
  }
  return one.contentHash === other.contentHash ? undefined : 'the state at the end differs.';
}

function firstLine(one: readonly string[], other: readonly string[]): string {
  const at = [...one.keys(), one.length].find((i) => one[i] !== other[i]) ?? 0;
  return `line ${at + 1} of metrics.jsonl was ${one[at] ?? 'missing'}, then ${other[at] ?? 'missing'}.`;
}
