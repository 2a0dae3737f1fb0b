import { canonicalJson } from '../../core/run/json.js';
import type { JobRecord } from './events.js';
import { jobKey, jobName, type Job, type JobRequest } from './job.js';
import type { WantedJob } from './matrix.js';
import type { PlannedJob } from './plan.js';

/** A job that a command would have run, with the number that it has or would get. */
export type DueJob = PlannedJob & Job;

/**
 * The jobs that a sweep has left, then those that it has not yet.
 * @param isLeft whether a job that it has would be run
 * @param jobs that are asked for
 * @param plan says what jobs of the ledger cost
 */
export async function dueJobs(
  records: ReadonlyMap<number, JobRecord>,
  isLeft: (record: JobRecord) => boolean,
  jobs: readonly PlannedJob[],
  plan: (wanted: readonly WantedJob[]) => Promise<readonly PlannedJob[]>,
): Promise<DueJob[]> {
  const known = new Set([...records.values()].map(({ job }) => jobKey(job.request)));
  const left = [...records.values()].filter(isLeft).map(({ job }) => job);
  const planned = await plan(asWanted(left.map(({ request }) => request)));
  const fresh = jobs.filter(({ request }) => !known.has(jobKey(request)));
  const last = Math.max(0, ...records.keys());
  return [
    ...left.flatMap((job, i) => {
      const cost = planned[i];
      return cost === undefined ? [] : [{ ...cost, ...job }];
    }),
    ...fresh.map((job, i) => {
      const number = last + 1 + i;
      return { ...job, number, name: jobName(number, job.request, job.varied) };
    }),
  ];
}

/** What they vary is what is not the same in all of them. */
function asWanted(requests: readonly JobRequest[]): WantedJob[] {
  const values = new Map<string, Set<string>>();
  for (const [path, value] of requests.flatMap(({ set }) => set)) {
    values.set(path, (values.get(path) ?? new Set()).add(canonicalJson(value)));
  }
  return requests.map((request) => ({
    request,
    varied: request.set.filter(([path]) => (values.get(path)?.size ?? 0) > 1),
  }));
}
