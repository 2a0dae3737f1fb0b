import { existsSync } from 'node:fs';
import { z } from 'zod';
import { changeSchema, type RunChange } from '../run/changes.js';
import type { JsonValue } from '../run/json.js';
import { contentOf, foundAt, isPath, placeOf, placeSchema, type Place } from './places.js';
import type { ResolvedExperiment } from './resolve.js';

const json = z.custom<JsonValue>((value) => value !== undefined);

/** `config.json` of a run: every value with its origin, enough to resolve it again. */
export const savedConfigSchema = z.object({
  format: z.literal(1),
  preset: z.string(),
  profile: z.string(),
  variant: z.string().nullable(),
  plugins: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      spec: z.string(),
      /** Of one that was given by path. */
      place: placeSchema.exactOptional(),
    }),
  ),
  /** Of values that are paths: a data set's folder, options that name files. */
  places: z.record(z.string(), placeSchema).default({}),
  values: z.array(
    z.object({
      path: z.string(),
      value: json,
      origin: z.string(),
      type: z.string(),
      description: z.string(),
    }),
  ),
  /** What was accepted on resume, in order; the values are those after all of it. */
  changes: z.array(changeSchema).default([]),
});

export type SavedConfig = z.infer<typeof savedConfigSchema>;

/**
 * @param directory of the run; undefined where there is none, and so nothing to find again
 * @param changes that were accepted so far @param fresh those of them that are new
 */
export function saveConfig(
  experiment: ResolvedExperiment,
  directory?: string,
  changes: readonly RunChange[] = [],
  fresh: readonly RunChange[] = [],
): SavedConfig {
  const since = new Map(
    fresh.flatMap(({ update, values }) => values.map(({ path }) => [path, update] as const)),
  );
  return {
    format: 1,
    preset: experiment.preset.name,
    profile: experiment.profile,
    variant: experiment.variant,
    plugins: experiment.plugins.map(({ loaded: { plugin, spec, file, how } }) => ({
      name: plugin.name,
      version: plugin.version,
      // A path must be found again from any folder.
      spec: how === 'path' ? file : spec,
      ...(how === 'path' && directory !== undefined ? { place: placeOf(file, directory) } : {}),
    })),
    places: directory === undefined ? {} : placesOf(experiment, directory),
    values: experiment.values.map((value) => {
      const update = since.get(value.path);
      return update === undefined
        ? { ...value }
        : { ...value, origin: `${value.origin}, after update ${update}` };
    }),
    changes: [...changes],
  };
}

/** What a data set's name says after its kind: `small` of `idx:small`. */
const folderIn = (dataset: string): string | undefined => /^[^:]+:(.+)$/.exec(dataset)?.[1];

function placesOf({ core, values }: ResolvedExperiment, directory: string): Record<string, Place> {
  const data = { data: core.data ?? undefined, dataset: folderIn(core.dataset) };
  const places = Object.entries(data).flatMap(([name, path]): [string, Place][] =>
    path !== undefined && existsSync(path) ? [[name, placeOf(path, directory)]] : [],
  );
  const files = filesFound.get(values) ?? filesIn(values);
  filesFound.set(values, files);
  for (const { path, file, content } of files) {
    places.push([path, { ...placeOf(file, directory), ...content }]);
  }
  return Object.fromEntries(places);
}

/** A file or folder that an option names. */
interface NamedFile {
  readonly path: string;
  readonly file: string;
  readonly content: Pick<Place, 'sha256'>;
}

/** As an experiment found them: a run must not notice that a file is replaced after it was read. */
const filesFound = new WeakMap<ResolvedExperiment['values'], NamedFile[]>();

const filesIn = (values: ResolvedExperiment['values']): NamedFile[] =>
  values.filter(isPath).flatMap(({ path, value }) => {
    if (typeof value !== 'string' || !existsSync(value)) return [];
    const sha256 = contentOf(value);
    return [{ path, file: value, content: sha256 === undefined ? {} : { sha256 } }];
  });

/** The saved configuration with its paths as they are now; those that are gone stay. */
export function located(saved: SavedConfig, directory: string): SavedConfig {
  const values = saved.values.map((entry) => {
    const { path, value } = entry;
    const place = saved.places[path];
    const found = place === undefined ? undefined : foundAt(place, directory);
    if (found === undefined || typeof value !== 'string') return entry;
    const folder = folderIn(value);
    const now =
      path === 'dataset' && folder !== undefined
        ? `${value.slice(0, value.length - folder.length)}${found}`
        : found;
    return { ...entry, value: now };
  });
  const plugins = saved.plugins.map((plugin) => {
    const found = plugin.place === undefined ? undefined : foundAt(plugin.place, directory);
    return found === undefined ? plugin : { ...plugin, spec: found };
  });
  return { ...saved, values, plugins };
}
