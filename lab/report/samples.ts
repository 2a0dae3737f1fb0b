import { sampleUpdate, samplesSchema } from '../samples.js';
import type { SamplesModel } from './model.js';
import type { RunSource } from './source.js';

/** Pictures of outputs that a page holds; of more, some are left out. */
export const maxFrames = 48;

/** Makes the address of a picture of a run, or of its content. */
export type ImageAddress = (source: RunSource, file: string) => Promise<string>;

/** The picture itself, in the address. @throws NcnError where it cannot be read */
export const asDataUrl: ImageAddress = async (source, file) =>
  `data:image/png;base64,${(await source.bytes(file))?.toString('base64') ?? ''}`;

/**
 * The kept images of a run's evaluation; undefined where it kept none.
 * @throws NcnError where they cannot be read
 */
export async function samplesOf(
  source: RunSource,
  address: ImageAddress,
  limit = maxFrames,
): Promise<SamplesModel | undefined> {
  // An evaluation of another name would be another plugin's; show the first that there is.
  const kept = await source.list('samples');
  const name = kept.includes('fixed') ? 'fixed' : kept[0];
  if (name === undefined) return undefined;
  const folder = `samples/${name}`;
  const about = await source.json(`${folder}/samples.json`, samplesSchema);
  if (about === undefined) return undefined;
  const updates = (await source.list(folder)).flatMap((file) => {
    const update = sampleUpdate(file);
    return update === undefined ? [] : [{ update, file }];
  });
  updates.sort((a, b) => a.update - b.update);
  const frames = await Promise.all(
    thin(updates, limit).map(async ({ update, file }) => ({
      update,
      src: await address(source, `${folder}/${file}`),
    })),
  );
  return {
    count: about.count,
    columns: about.columns,
    rows: Math.ceil(about.count / about.columns),
    reference: await address(source, `${folder}/reference.png`),
    input: await address(source, `${folder}/input.png`),
    target: await address(source, `${folder}/target.png`),
    frames,
    available: updates.length,
  };
}

/** At most `limit` of the items, evenly spread, the first and the last among them. */
export function thin<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const step = (items.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, i) => items[Math.round(i * step)]).filter(
    (item) => item !== undefined,
  );
}
