import { z } from 'zod';

/** Inputs of one target, from `first` up to `end`. */
export const jobsSchema = z.array(z.object({ target: z.string(), first: z.int(), end: z.int() }));

export type Jobs = z.infer<typeof jobsSchema>;

/** What a process says before an input, and after it. */
export const messageSchema = z.object({
  target: z.string(),
  index: z.int(),
  result: z.enum(['accepted', 'refused', 'failed']).optional(),
  message: z.string().default(''),
  tooMuch: z.boolean().default(false),
});

/** The first `most` inputs of jobs, and what is left of them. */
export function split(jobs: Jobs, most: number): [now: Jobs, later: Jobs] {
  const [now, later]: [Jobs, Jobs] = [[], []];
  let left = most;
  for (const { target, first, end } of jobs) {
    const middle = Math.min(end, first + left);
    if (middle > first) now.push({ target, first, end: middle });
    if (end > middle) later.push({ target, first: middle, end });
    left -= middle - first;
  }
  return [now, later];
}

/** What is left when the input `index` of a target is done. */
export function after(jobs: Jobs, target: string, index: number): Jobs {
  const at = jobs.findIndex((job) => job.target === target);
  const rest = jobs.slice(at).map((job, i) => (i === 0 ? { ...job, first: index + 1 } : job));
  return rest.filter(({ first, end }) => first < end);
}
