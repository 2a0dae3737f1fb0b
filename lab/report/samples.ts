import { NcnError } from '../../core/errors/error.js';
import {
  exampleFile,
  nameOfFile,
  sampleUpdate,
  samplesSchema,
  sheetFile,
  type SampleRole,
  type SamplesAbout,
} from '../samples.js';
import type { SampleRoleModel, SamplesModel, SheetModel } from './model.js';
import { readWav } from '../../media/sound/wav.js';
import { writeFlac } from '../../media/sound/flac.js';
import { faultOf } from './faults.js';
import { RunSource } from './source.js';

/** Pictures of outputs that a page holds; of more, some are left out. */
export const maxFrames = 48;

/** What the network gives is its result to people, whatever the role is called in files. */
export const outputLabel = 'result';

const png = 'image/png';

/** How a page comes to the files of a run. */
export interface Addressing {
  /** The address of a file, or its content as an address. */
  readonly of: (source: RunSource, file: string, mime: string) => Promise<string>;
  /** Of how many of the newest outputs there is what can be played; pictures are of all. */
  readonly played: number;
}

/**
 * The file itself, in the address; of outputs, only the newest can be played: each is as large as
 * all pictures together.
 * @throws NcnError where it cannot be read
 */
export const inPage: Addressing = {
  async of(source, file, mime) {
    const bytes = (await source.bytes(file)) ?? Buffer.alloc(0);
    const smaller = mime === 'audio/wav' ? packed(bytes, file) : undefined;
    const [type, content] = smaller === undefined ? [mime, bytes] : ['audio/flac', smaller];
    return `data:${type};base64,${content.toString('base64')}`;
  },
  played: 1,
};

/** A sound as it is in a page, of half the size or less; undefined where something of it would be lost. */
function packed(bytes: Buffer, file: string): Buffer | undefined {
  try {
    const { rate, channels } = readWav(bytes, file);
    const [only, second] = channels;
    if (only === undefined || second !== undefined) return undefined;
    // Of 16 bits, nobody hears the rounding; what is beyond full scale would be clipped.
    return only.some((value) => Math.abs(value) > 1) ? undefined : writeFlac(only, rate);
  } catch (error) {
    if (!(error instanceof NcnError)) throw error;
    return undefined;
  }
}

/** The folder of the examples that a run kept; undefined where it kept none. */
async function findSamples(source: RunSource): Promise<
  | {
      readonly name: string;
      readonly folder: string;
      readonly about: SamplesAbout;
      readonly outputs: readonly Output[];
    }
  | undefined
> {
  // An evaluation of another name would be another plugin's; show the first that there is.
  const kept = await source.list('samples');
  const name = kept.includes('fixed') ? 'fixed' : kept[0];
  if (name === undefined) return undefined;
  const folder = `samples/${name}`;
  const about = await source.json(`${folder}/samples.json`, samplesSchema);
  if (about === undefined) return undefined;
  const outputs = (await source.list(folder)).flatMap((file) => {
    const update = sampleUpdate(file, about.output);
    return update === undefined ? [] : [{ update, file }];
  });
  outputs.sort((a, b) => a.update - b.update);
  return { name: nameOfFile(name), folder, about, outputs };
}

/** The sheet of the outputs at an update. */
interface Output {
  readonly update: number;
  readonly file: string;
}

/**
 * The kept examples of a run's evaluation; undefined where it kept none, or what describes them is
 * damaged, which `report` is told, as of files that are missing or damaged: they are left out.
 * @param evaluated updates at which an evaluation of this name was made
 * @throws NcnError where they cannot be read
 */
export async function samplesOf(
  source: RunSource,
  addressing: Addressing,
  limit = maxFrames,
  report: (problem: string) => void = () => undefined,
  evaluated: (evaluation: string) => readonly number[] = () => [],
): Promise<SamplesModel | undefined> {
  const found = await findSamples(source).catch((error: unknown) => {
    if (!(error instanceof NcnError)) throw error;
    report(`${error.message} The examples that the run kept are left out.`);
    return undefined;
  });
  if (found === undefined) return undefined;
  const { name, folder, about, outputs } = found;
  const { count, columns, roles } = about;
  const output = roles.find(({ role }) => role === about.output);
  if (output === undefined) return undefined;

  /** Whether a file can be shown or played; one that cannot is left out, and named. */
  const sound = async (file: string, mime = png): Promise<boolean> => {
    const name = `${folder}/${file}`;
    const fault = await faultOf(source, name, mime);
    if (fault !== undefined) report(`${name} ${fault}, and is left out.`);
    return fault === undefined;
  };
  const sheet = async (
    role: SampleRole,
    file: string,
    played: boolean,
    update?: number,
  ): Promise<SheetModel> => {
    const files =
      played && role.kind === 'player'
        ? Array.from({ length: count }, (_, i) => exampleFile(role, i, update))
        : [];
    const addresses = await Promise.all(
      files.map(async (name) =>
        (await sound(name, role.mime)) ? addressing.of(source, `${folder}/${name}`, role.mime) : '',
      ),
    );
    return {
      src: await addressing.of(source, `${folder}/${file}`, png),
      files: addresses.some((address) => address !== '') ? addresses : [],
    };
  };

  const shown: Output[] = [];
  for (const one of thin(outputs, limit)) if (await sound(one.file)) shown.push(one);
  const lost = evaluated(name).filter((update) => !outputs.some((one) => one.update === update));
  if (lost.length > 0) {
    const some = lost.slice(0, 6).join(', ');
    const more = lost.length > 6 ? `, … ${lost.length} in all` : '';
    report(`${folder} lacks the pictures of the outputs at update ${some}${more}.`);
  }
  const others: SampleRole[] = [];
  for (const role of roles) {
    if (role !== output && (await sound(sheetFile(role.role)))) others.push(role);
  }
  const [given, frames] = await Promise.all([
    Promise.all(
      others.map(async (role) => ({
        ...roleModel(role, role.label),
        ...(await sheet(role, sheetFile(role.role), addressing.played > 0)),
      })),
    ),
    Promise.all(
      shown.map(async ({ update, file }, i) => ({
        update,
        ...(await sheet(output, file, i >= shown.length - addressing.played, update)),
      })),
    ),
  ]);
  return {
    title: roles.every(({ medium }) => medium === 'image') ? 'Images' : 'Examples',
    ...{ count, columns, rows: Math.ceil(count / columns), given },
    output: roleModel(output, outputLabel),
    frames,
    available: outputs.length,
  };
}

const roleModel = ({ role, width, height }: SampleRole, label: string): SampleRoleModel => ({
  role,
  label,
  width,
  height,
});

/** The newest picture of outputs; undefined where there is none. @throws as {@link samplesOf} */
export async function newestSheet(
  source: RunSource,
  addressing: Addressing,
): Promise<string | undefined> {
  const found = await findSamples(source);
  const newest = found?.outputs.at(-1);
  if (found === undefined || newest === undefined) return undefined;
  return addressing.of(source, `${found.folder}/${newest.file}`, png);
}

/** What may be played from a page: anything else could be a page itself. */
const playable = /^(audio|video)\/[\w.+-]+$/;

/**
 * The MIME type of a file that a folder of samples describes; undefined for every other file.
 * @param file its name in the folder
 */
export function mimeOfSample(
  { roles, output, count }: SamplesAbout,
  file: string,
): string | undefined {
  if (sampleUpdate(file, output) !== undefined) return png;
  for (const role of roles) {
    const isOutput = role.role === output;
    if (!isOutput && file === sheetFile(role.role)) return png;
    if (role.kind !== 'player' || !playable.test(role.mime)) continue;
    if (!file.endsWith(role.extension)) continue;
    const stem = file.slice(0, -role.extension.length);
    const [, update, index] = /^.*?(?:-(\d{9,15}))?-(\d+)$/.exec(stem) ?? [];
    if (index === undefined || Number(index) >= count) continue;
    const name = exampleFile(role, Number(index), isOutput ? Number(update) : undefined);
    if (file === name) return role.mime;
  }
  return undefined;
}

/** At most `limit` of the items, evenly spread, the first and the last among them; of one, the last. */
export function thin<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  // Of one, the last: there is no distance to the first.
  if (limit <= 1) return items.slice(items.length - Math.max(0, limit));
  const step = (items.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, i) => items[Math.round(i * step)]).filter(
    (item) => item !== undefined,
  );
}

/**
 * The examples that a run kept, with what the newest network gives for them; pictures and sounds are
 * in the addresses. Undefined where it kept none.
 * @param run folder of the run
 * @throws as {@link samplesOf}
 */
export const embeddedSamples = (run: string): Promise<SamplesModel | undefined> =>
  samplesOf(new RunSource(run, run), inPage, 1);
