import { scaleHint } from '../../core/experiment/unreached.js';
import type { PlannedJob } from './plan.js';

/** How many presets are named where several share data; of more it is said how many. */
const most = 4;

/** The data of jobs, and what their numbers of updates leave out, each said once; lines for people. */
export function aboutJobs(
  jobs: readonly Pick<PlannedJob, 'request' | 'data' | 'unreached'>[],
): string[] {
  const presets = new Map<string, Set<string>>();
  for (const { data, request } of jobs) {
    presets.set(data, (presets.get(data) ?? new Set()).add(request.preset));
  }
  const data = [...presets].map(
    ([name, of]) => `  data: ${name}${presets.size === 1 ? '' : ` (${someOf([...of])})`}`,
  );
  const lines = jobs.flatMap(({ request: { preset }, unreached }) =>
    unreached.map((line) => `  warning: ${preset}: ${line}`),
  );
  if (lines.length === 0) return data;
  return [...data, ...new Set(lines), `  ${scaleHint}`];
}

const someOf = (names: readonly string[]): string =>
  names.length > most ? `${names.length} presets` : names.join(', ');
