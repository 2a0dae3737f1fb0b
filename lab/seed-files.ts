import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../core/run/atomic.js';
import { readJsonFile } from '../core/run/json-file.js';
import { prettyJson, type JsonObject } from '../core/run/json.js';
import { studyOnOtherData } from './errors/sweep.js';
import { makeFolder, readIfThere } from './files.js';
import { whileHolding } from './hold.js';

/** A run of a study as its data files keep it: numbers and conditions, no paths. */
export interface SeedRun {
  readonly preset: string;
  readonly seed: number;
  readonly state: string;
}

/** The name of the data that a run was made on; undefined where it was not made. */
export type DataOf<Run> = (run: Run) => string | undefined;

/** The runs of a study that share all settings but preset and seed. */
export interface Scale<Run> {
  readonly profile: string;
  /** What they share: the command but for `--seeds` and `--presets`. */
  readonly settings: string;
  /** The command that makes them again. */
  readonly command: string;
  /** Ascending. */
  readonly seeds: readonly number[];
  readonly runs: readonly Run[];
}

const pattern = /-seed-\d+\.json$/;

const fileSchema = <Run>(run: z.ZodType<Run>) =>
  z.strictObject({
    format: z.literal(1),
    /** The command that makes the runs again, but for seed and presets. */
    settings: z.string(),
    profile: z.string(),
    seed: z.int(),
    runs: z.array(run),
  });

/**
 * Keeps the finished runs of a sweep in a folder of data files, one for each seed, beside those of
 * other sweeps: a study is run in pieces, on several days or machines. A run of the sweep replaces
 * the kept one of its preset and seed. Settings that differ make scales of their own.
 * Several processes may do so at once: one waits for the other.
 * @param settings of the sweep: its command but for `--seeds` and `--presets`
 * @param schema of a run in the files
 * @param dataOf without MNIST at hand, say, a run takes the embedded digits: its numbers are no more of the same study
 * @returns everything the folder now holds, a scale after the other, the smaller profile first
 * @throws NcnError where a file cannot be read or written, or is not what was written; `NCN_STUDY_DATA` for runs
 *   on other data than those that are kept
 */
export async function keepSeeds<Run extends SeedRun & JsonObject>(
  folder: string,
  { settings, profile }: Pick<Scale<Run>, 'settings' | 'profile'>,
  runs: readonly Run[],
  schema: z.ZodType<Run>,
  dataOf: DataOf<Run>,
): Promise<Scale<Run>[]> {
  const file = fileSchema(schema);
  await makeFolder(folder);
  const done = runs.filter(({ state }) => state === 'done');
  return whileHolding(folder, async () => {
    const kept = (await readSeeds(folder, schema)).flatMap((scale) => scale.runs);
    expectSameData(folder, namesOf(kept, dataOf), namesOf(done, dataOf));
    for (const seed of new Set(done.map((run) => run.seed))) {
      const path = join(folder, `${scaleStem({ settings, profile })}-seed-${seed}.json`);
      const there = await readIfThere(path);
      const before = there === undefined ? [] : (await readJsonFile(path, file)).runs;
      const own = done.filter((run) => run.seed === seed);
      const others = before.filter(({ preset }) => own.every((run) => run.preset !== preset));
      const all = [...others, ...own].sort((a, b) => (a.preset < b.preset ? -1 : 1));
      const text = prettyJson({ format: 1, settings, profile, seed, runs: all });
      await writeFileAtomic(path, text);
    }
    return readSeeds(folder, schema);
  });
}

/**
 * Reads what {@link keepSeeds} kept.
 * @throws NcnError where a file is not what was written
 */
export async function readSeeds<Run extends SeedRun>(
  folder: string,
  schema: z.ZodType<Run>,
): Promise<Scale<Run>[]> {
  const names = (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  const files = await Promise.all(
    names.map((name) => readJsonFile(join(folder, name), fileSchema(schema))),
  );
  return [...new Set(files.map(({ settings }) => settings))]
    .map((settings): Scale<Run> => {
      const parts = files.filter((file) => file.settings === settings);
      const seeds = parts.map(({ seed }) => seed).sort((a, b) => a - b);
      return {
        profile: parts[0]?.profile ?? '',
        settings,
        command: `${settings} --seeds ${seedsText(seeds)}`,
        seeds,
        runs: parts.flatMap(({ runs }) => runs),
      };
    })
    .sort((a, b) => rank(a.profile) - rank(b.profile) || (a.command < b.command ? -1 : 1));
}

function namesOf<Run>(runs: readonly Run[], dataOf: DataOf<Run>): Set<string> {
  return new Set(runs.map(dataOf).filter((name) => name !== undefined));
}

function expectSameData(folder: string, kept: ReadonlySet<string>, own: ReadonlySet<string>): void {
  const others = [...own].filter((name) => !kept.has(name));
  if (kept.size > 0 && others.length > 0) throw studyOnOtherData(others, folder, [...kept]);
}

/** What names of a scale's files begin with: the profile; with other options than that, a hash of them tells scales apart. */
export function scaleStem({
  settings,
  profile,
}: Pick<Scale<unknown>, 'settings' | 'profile'>): string {
  const plain = settings.split(' ').filter((word) => word.startsWith('--')).length <= 1;
  if (plain) return profile;
  return `${profile}-${createHash('sha256').update(settings).digest('hex').slice(0, 8)}`;
}

/** A scale for people: its profile, with what else sets it apart. */
export function scaleLabel({
  settings,
  profile,
}: Pick<Scale<unknown>, 'settings' | 'profile'>): string {
  const [, more = ''] = settings.split(` --profile ${profile} `);
  return more === '' ? profile : `${profile} (${more})`;
}

const order = ['quick', 'standard', 'documented'];

const rank = (profile: string): number => (order.indexOf(profile) + order.length) % order.length;

/** As `--seeds` reads them. */
export function seedsText(seeds: readonly number[]): string {
  const [first = 0, last = 0] = [seeds[0], seeds.at(-1)];
  if (last - first + 1 !== seeds.length) return seeds.join(',');
  return first === 1 ? String(last) : `${String(first)}..${String(last)}`;
}
