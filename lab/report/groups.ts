import { isCoreOption } from '../../core/experiment/core-options.js';
import { describeChange } from '../../core/run/changes.js';
import type { SavedConfig } from '../../core/experiment/saved.js';
import { inWords } from './in-words.js';
import type { GroupModel } from './model.js';
import type { RunData } from './run-data.js';
import { oneOfEachSeed, seedName, seedsOf } from './seeds.js';

/** Values that do not make another experiment: the seed, and where and with what it ran. */
const irrelevant = new Set(['seed', 'startSeed', 'data', 'threads', 'hookTimeout']);

/** Stands in the list of differences for what was changed while a run was trained. */
const changedPath = 'changed on resume';

export interface ConfigDifference {
  readonly path: string;
  readonly description: string;
  /** As JSON, one a group; null where the group has no such value. */
  readonly values: readonly (string | null)[];
  /** The same for people. */
  readonly words: readonly (string | null)[];
  /** Whether it is a profile that made them differ, and nobody set them. */
  readonly byProfile: boolean;
}

/**
 * The configuration of a run by path, without what does not matter.
 * @param defaults of options, that count where the run is older than the option
 */
function valuesOf(data: RunData, defaults: ReadonlyMap<string, string>): Map<string, string> {
  const { manifest, config } = data;
  const values = new Map<string, string>([
    ['preset', manifest.preset],
    ['data set', `${manifest.dataset.name} ${manifest.dataset.hash.slice(0, 12)}`],
    ['plugins', pluginsOf(manifest).join(', ')],
  ]);
  // A run that was only made longer is one of that length.
  const changes = config?.changes.filter((change) => !change.extends) ?? [];
  if (changes.length > 0) {
    const told = changes.map(
      (change) => `after update ${change.update}: ${describeChange(change)}`,
    );
    values.set(changedPath, told.join('; '));
  }
  for (const { path, value } of config?.values ?? []) {
    if (!irrelevant.has(path)) values.set(path, JSON.stringify(value));
  }
  if (config === undefined) return values;
  const has = (path: string): boolean =>
    isCoreOption(path) || Object.keys(manifest.plugins).some((name) => path.startsWith(`${name}.`));
  for (const [path, value] of defaults) {
    if (!values.has(path) && has(path)) values.set(path, value);
  }
  return values;
}

/** With their versions: another one may compute something else. */
const pluginsOf = ({ plugins }: RunData['manifest']): string[] =>
  Object.entries(plugins)
    .map(([name, version]) => `${name} ${version}`)
    .sort();

/** By path, what some of the runs had because nothing set it: as it was before the option. */
function defaultsOf(runs: readonly RunData[]): Map<string, string> {
  const defaults = new Map<string, string>();
  for (const { config } of runs) {
    for (const { path, value, origin } of config?.values ?? []) {
      if (origin === 'default' && !irrelevant.has(path)) defaults.set(path, JSON.stringify(value));
    }
  }
  return defaults;
}

/** Runs that differ in nothing but their seed form a group; in the order of the first of each. */
export function groupRuns(runs: readonly RunData[]): {
  groups: GroupModel[];
  differences: ConfigDifference[];
  /** What to tell of runs that do not count, for people. */
  problems: string[];
} {
  const byKey = new Map<string, { values: Map<string, string>; runs: number[] }>();
  const defaults = defaultsOf(runs);
  runs.forEach((run, i) => {
    const values = valuesOf(run, defaults);
    const key = JSON.stringify([...values].sort());
    const group = byKey.get(key) ?? { values, runs: [] };
    group.runs.push(i);
    byKey.set(key, group);
  });
  const groups = [...byKey.values()];
  const differences = differencesBetween(
    groups.map(({ values }) => values),
    descriptions(runs.map(({ config }) => config)),
    pathsOfProfiles(groups.flatMap(({ runs: [first = 0] }) => runs[first] ?? [])),
  );
  const presets = groups.map(({ values }) => values.get('preset') ?? '');
  const problems: string[] = [];
  return {
    groups: groups.map(({ runs: members }, i) => {
      const { counted, problems: own } = oneOfEachSeed(runs, members);
      problems.push(...own);
      return {
        label: labelOf(i, presets, differences),
        colour: i,
        runs: members,
        counted,
        seeds: counted.flatMap((run) => runs[run] ?? []).map((run) => seedName(seedsOf(run))),
      };
    }),
    differences,
    problems,
  };
}

function descriptions(configs: readonly (SavedConfig | undefined)[]): Map<string, string> {
  const values = configs.flatMap((config) => config?.values ?? []);
  return new Map(values.map(({ path, description }) => [path, description]));
}

function differencesBetween(
  groups: readonly ReadonlyMap<string, string>[],
  about: ReadonlyMap<string, string>,
  ofProfiles: ReadonlySet<string>,
): ConfigDifference[] {
  const paths = new Set(groups.flatMap((values) => [...values.keys()]));
  return [...paths].flatMap((path) => {
    const values = groups.map((group) => group.get(path) ?? null);
    if (values.every((value) => value === values[0])) return [];
    const byProfile = ofProfiles.has(path);
    if (path === 'plugins') {
      const lists = unshared(values);
      return [{ path, description: notShared, values: lists, words: lists, byProfile }];
    }
    const words = values.map((value) => (value === null ? null : wordsOf(value)));
    return [{ path, description: about.get(path) ?? '', values, words, byProfile }];
  });
}

/** The first entries of a configuration are no JSON. */
function wordsOf(value: string): string {
  try {
    return inWords(JSON.parse(value));
  } catch {
    return value;
  }
}

/** What only profiles and what stands below them set, where the profiles differ. */
function pathsOfProfiles(runs: readonly RunData[]): Set<string> {
  if (new Set(runs.map(({ manifest }) => manifest.profile)).size < 2) return new Set();
  const origins = new Map<string, string[]>();
  for (const { config } of runs) {
    for (const { path, origin } of config?.values ?? [])
      origins.set(path, [...(origins.get(path) ?? []), origin]);
  }
  const below = /^(default|preset |variant |profile )/;
  const ofProfiles = [...origins].filter(
    ([, all]) =>
      all.some((origin) => origin.includes('profile ')) && all.every((o) => below.test(o)),
  );
  return new Set(ofProfiles.map(([path]) => path));
}

const notShared = 'those that not all have';

/** Lists without the names that all of them have. */
function unshared(lists: readonly (string | null)[]): string[] {
  const names = lists.map((list) => (list ?? '').split(', '));
  return names.map((own) =>
    own.filter((name) => !names.every((other) => other.includes(name))).join(', '),
  );
}

/** The preset's name; where others have the same, with the first values that set it apart. */
function labelOf(
  group: number,
  presets: readonly string[],
  differences: readonly ConfigDifference[],
): string {
  const preset = presets[group] ?? '';
  const same = presets.flatMap((other, i) => (other === preset && i !== group ? [i] : []));
  if (same.length === 0) return preset;
  const telling = differences.filter(
    ({ path, values }) => path !== 'preset' && same.some((i) => values[i] !== values[group]),
  );
  const shown = telling
    .filter(({ path }) => path !== 'plugins' || telling.length === 1)
    .slice(0, 2)
    .map(({ path, words }) => `${path} ${shorten(words[group] ?? 'not set')}`);
  return [preset, ...shown].join(', ');
}

const shorten = (text: string): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
