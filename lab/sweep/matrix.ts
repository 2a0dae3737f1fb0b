import picomatch from 'picomatch';
import { sweepNoMatch } from '../errors/sweep.js';
import type { PresetLibrary } from '../../core/experiment/library.js';
import type { JsonValue } from '../../core/run/json.js';
import type { JobRequest } from './job.js';
import { combinations, type Axis } from './values.js';

/** A sweep as the user asked for it. */
export interface Matrix {
  /** Names, aliases, or patterns with * and ?. */
  readonly presets: readonly string[];
  readonly seeds: readonly number[];
  readonly axes: readonly Axis[];
  readonly profile?: string;
  readonly variant?: string;
  readonly plugins: readonly string[];
  readonly without: readonly string[];
  /** Whether other numbers of updates keep their ratio to `updates` where an axis sets that. */
  readonly scale?: boolean;
  /** What a configuration file says of every experiment. */
  readonly file?: Pick<NonNullable<JobRequest['file']>, 'plugins' | 'set'>;
}

/** A job that is wanted, and which of its values the sweep varies. */
export interface WantedJob {
  readonly request: JobRequest;
  readonly varied: readonly (readonly [string, JsonValue])[];
}

/**
 * Names of the presets that the patterns match, in the library's order.
 * @throws NcnError for a pattern that matches none
 */
export function matchPresets(patterns: readonly string[], library: PresetLibrary): string[] {
  const presets = library.list();
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const isMatch = matcher(pattern);
    const found = presets.filter(({ name, aliases }) => [name, ...aliases].some((n) => isMatch(n)));
    if (found.length === 0) {
      throw sweepNoMatch(
        pattern,
        presets.map(({ name }) => name),
      );
    }
    for (const { name } of found) chosen.add(name);
  }
  return presets.map(({ name }) => name).filter((name) => chosen.has(name));
}

/** No name is as long; of longer patterns picomatch throws errors of its own. */
const longest = 256;

/** Of names that * and ? stand for parts of. */
function matcher(pattern: string): (name: string) => boolean {
  if (pattern === '' || pattern.length > longest) return () => false;
  return picomatch(pattern, { noextglob: true });
}

/**
 * The jobs of a matrix: every preset with every combination of values and every seed. Seeds change
 * slowest, so that a sweep that is cut short has every experiment rather than every seed.
 */
export function expand(matrix: Matrix, library: PresetLibrary): WantedJob[] {
  const presets = matchPresets(matrix.presets, library);
  const varies = new Set(
    matrix.axes.filter(({ values }) => values.length > 1).map(({ path }) => path),
  );
  return matrix.seeds.flatMap((seed) =>
    presets.flatMap((preset) =>
      combinations(matrix.axes).map((set): WantedJob => ({
        request: {
          preset,
          seed,
          profile: matrix.profile ?? null,
          variant: matrix.variant ?? null,
          plugins: [...matrix.plugins],
          without: [...matrix.without],
          set: set.map(([path, value]): [string, JsonValue] => [path, value]),
          ...(matrix.scale === true ? { scale: true } : {}),
          ...fileOf(matrix, library.filesOf(preset)),
        },
        varied: set.filter(([path]) => varies.has(path)),
      })),
    ),
  );
}

/** Nothing where no file says anything: such a job is the same with and without one. */
function fileOf({ file }: Matrix, presets: string[]): Pick<JobRequest, 'file'> {
  const { plugins, set } = file ?? { plugins: [], set: [] };
  if (plugins.length + set.length + presets.length === 0) return {};
  return { file: { plugins, presets, set } };
}
