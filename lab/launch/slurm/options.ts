import { z } from 'zod';

const line = z.string().regex(/^[^\n\r]*$/, 'must be a single line');
// On a command line, `time=60` is a number.
const text = z
  .union([line.min(1), z.number()])
  .nullable()
  .default(null);

/** What a user says about a Slurm cluster: `--launcher-set option=value`. */
export const slurmOptions = z.strictObject({
  partition: text.describe("sbatch --partition; null: the cluster's default"),
  account: text.describe('sbatch --account'),
  qos: text.describe('sbatch --qos'),
  time: text.describe(
    "time limit of an attempt, as in sbatch --time: minutes, h:m:s, d-h; 0: none; null: the partition's",
  ),
  memory: text.describe('sbatch --mem, such as 4G'),
  cpus: z.int().min(1).default(1).describe('CPUs of a job, and threads of its engine'),
  gres: text.describe('sbatch --gres, such as gpu:1: one GPU for each job'),
  nice: z.int().nullable().default(null).describe('sbatch --nice'),
  sbatch: z
    .array(line)
    .default([])
    .describe('more options of sbatch, as they stand after #SBATCH: ["--constraint=icelake"]'),
  modules: z
    .array(line)
    .default([])
    .describe('environment modules that a job loads: ["nodejs/20"]'),
  exports: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), line)
    .default({})
    .describe('environment variables of a job; PATH, HOME and NCN_* come along by themselves'),
  node: z
    .array(line.min(1))
    .min(1)
    .nullable()
    .default(null)
    .describe('what starts Node there: ["apptainer","exec","image.sif","node"]; null: as here'),
  warning: z
    .int()
    .min(10)
    .default(120)
    .describe('seconds before the time limit at which a job saves its state and queues again'),
  arraySize: z
    .int()
    .min(1)
    .default(1000)
    .describe("jobs in an array; less than the cluster's MaxArraySize (scontrol show config)"),
  poll: z
    .number()
    .min(0.1)
    .max(86_400)
    .default(10)
    .describe('seconds between questions to the controller'),
  grace: z
    .number()
    .min(0)
    .max(86_400)
    .default(60)
    .describe(
      'seconds for which a job may be out of sight before it counts as lost; longer than the shared file system keeps old attributes',
    ),
});

export type SlurmOptions = z.output<typeof slurmOptions>;

/** Seconds of a time limit in sbatch's notation; undefined where it is none. */
export function secondsOf(time: string): number | undefined {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(time);
  if (match === null) return undefined;
  const [days, a = 0, b, c] = match
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  if (days !== undefined) return ((days * 24 + a) * 60 + (b ?? 0)) * 60 + (c ?? 0);
  if (b === undefined) return a * 60;
  return c === undefined ? a * 60 + b : (a * 60 + b) * 60 + c;
}
