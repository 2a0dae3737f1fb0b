import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../core/run/json.js';

const json = z.custom<JsonValue>((value) => value !== undefined, 'missing');

/** What a configuration file adds to an experiment; its files are absolute. */
const fileSchema = z.strictObject({
  plugins: z.array(z.strictObject({ plugin: z.string(), options: z.record(z.string(), json) })),
  /** The files of the preset and of what it extends. */
  presets: z.array(z.string()),
  /** Values by path, in the order in which they are set. */
  set: z.array(z.tuple([z.string(), json])),
});

/** What a job is: everything that its results depend on, the data set's contents apart. */
export const jobRequestSchema = z.strictObject({
  preset: z.string(),
  seed: z.int().nonnegative(),
  profile: z.string().nullable(),
  variant: z.string().nullable(),
  plugins: z.array(z.string()),
  without: z.array(z.string()),
  /** Values by path, in the order in which they are set. */
  set: z.array(z.tuple([z.string(), json])),
  /** Whether other numbers of updates keep their ratio to `updates`. */
  scale: z.literal(true).exactOptional(),
  /** What `ncn.config.*` said when the job was asked for. */
  file: fileSchema.exactOptional(),
});

export type JobRequest = Readonly<z.infer<typeof jobRequestSchema>>;

/** One run of a sweep. Its number never changes. */
export interface Job {
  /** 1, 2, … in the order in which jobs were added. */
  readonly number: number;
  /** Name of its run directory inside the sweep's. */
  readonly name: string;
  readonly request: JobRequest;
  /** Updates of all phases together. */
  readonly updates: number;
  /** Multiply-adds of the whole training, for estimates and for the order of starting. */
  readonly work: number;
}

/** Equal for equal requests. */
export function jobKey(request: JobRequest): string {
  return canonicalJson(request);
}

/** `0007-dcgans_v2-3`, with the values that the sweep varies at its end. */
export function jobName(
  number: number,
  request: JobRequest,
  varied: readonly (readonly [string, JsonValue])[],
): string {
  const short = varied.map(
    ([path, value]) =>
      `${path.split('.').at(-1) ?? path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const tail = [request.preset, String(request.seed), ...short]
    .map((part) => part.replace(/[^A-Za-z0-9._=+-]+/g, '_'))
    .join('-')
    .slice(0, 90);
  return `${String(number).padStart(4, '0')}-${tail}`;
}

/** What the job's configuration file says, as JSON: the job itself reads none. */
export function configText({ file }: JobRequest): string {
  return JSON.stringify(file === undefined ? {} : { ...file, set: Object.fromEntries(file.set) });
}

/** Whether the user named code for a job: its plugins, or those of a configuration file. */
export const namesCode = ({ plugins, file }: JobRequest): boolean =>
  plugins.length + (file?.plugins.length ?? 0) + (file?.presets.length ?? 0) > 0;

/** Where a job's data are makes no difference to its results: it is no part of the job. */
export const dataArguments = (folder: string | undefined): string[] =>
  folder === undefined ? [] : ['--data', folder];

/** The options of `ncn run` that make a job, without its folder. */
export function jobArguments(request: JobRequest): string[] {
  const { preset, seed, profile, variant, plugins, without, set, scale } = request;
  return [
    ...['--preset', preset, '--seed', String(seed)],
    ...(profile === null ? [] : ['--profile', profile]),
    ...(variant === null ? [] : ['--variant', variant]),
    ...plugins.flatMap((spec) => ['--plugin', spec]),
    ...without.flatMap((name) => ['--without', name]),
    ...set.flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]),
    ...(scale === true ? ['--scale'] : []),
    ...['--config-json', configText(request)],
  ];
}
