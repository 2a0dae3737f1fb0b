import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { prettyJson, jsonOf } from '../../../core/run/json.js';
import { sha256 } from '../../files/content.js';
import { store } from '../../files/store.js';
import { filesJson, readFilesList, splitsJson, type ListedSound } from './corpus-lists.js';
import { sampleRate } from './mono.js';
import { provenanceOf, type ManifestSound } from './manifest.js';

/** Ours of a sound that is converted here: there is no encoder of FLAC. */
export const convertedName = (file: string): string => file.replace(/\.flac$/, '.wav');

/**
 * A folder on its way to be the corpus. files.json lists what is there at any moment, so that a
 * download that is interrupted goes on; splits.json, without which it is no corpus, comes last.
 */
export class CorpusFolder {
  private readonly listed = new Map<string, ListedSound>();
  private saving = Promise.resolve();

  private constructor(
    readonly dir: string,
    private readonly sounds: readonly ManifestSound[],
  ) {}

  /** Looks which of the sounds a folder has; the folder need not be there. */
  static async open(dir: string, sounds: readonly ManifestSound[]): Promise<CorpusFolder> {
    const folder = new CorpusFolder(dir, sounds);
    const before = await readFilesList(dir).catch(() => []);
    const known = new Map(before.map((sound) => [sound.file, sound]));
    for (const sound of sounds) {
      const converted = known.get(convertedName(sound.file));
      if (await folder.has(sound.file, sound)) folder.list(sound, sound.file, sound);
      else if (
        converted !== undefined &&
        converted['source_sha256'] === sound.original &&
        (await folder.has(converted.file, converted))
      ) {
        folder.list(sound, converted.file, converted);
      }
    }
    return folder;
  }

  /** Whether a sound is there, as it is or converted. */
  isThere(sound: ManifestSound): boolean {
    return this.listed.has(sound.file);
  }

  get count(): number {
    return this.listed.size;
  }

  /** Puts a sound there, under a name, whole or not at all. @throws NcnError `NCN_DATA_NOT_STORED` */
  async add(sound: ManifestSound, file: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.dir, file);
    await store(dirname(path), basename(path), bytes, false);
    this.list(sound, file, { bytes: bytes.length, sha256: sha256(bytes) });
    // A conversion is known again only by its place in the list.
    if (file !== sound.file) await this.saveFiles();
  }

  /** Writes both lists, and the licences. @throws NcnError `NCN_DATA_NOT_STORED` */
  async finish(licences: string): Promise<void> {
    await this.saveFiles();
    const splits: Record<string, Record<string, string[]>> = {};
    for (const sound of this.sounds) {
      const list = ((splits[sound.kind] ??= {})[sound.split] ??= []);
      const file = this.listed.get(sound.file)?.file;
      if (file !== undefined) list.push(file);
    }
    await this.write('LICENSES.md', licences);
    await this.write(splitsJson, prettyJson(jsonOf(splits)));
  }

  private list(
    sound: ManifestSound,
    file: string,
    { bytes, sha256: content }: { readonly bytes: number; readonly sha256: string },
  ): void {
    const { kind, split, seconds, speaker, sex, piece, original } = sound;
    const entry = {
      ...{ split, kind, file, bytes, sha256: content, rate: sampleRate, seconds },
      ...(speaker === undefined ? {} : { speaker }),
      ...(sex === undefined ? {} : { sex }),
      ...(piece === undefined ? {} : { piece }),
      ...provenanceOf(sound),
      ...(original === undefined ? {} : { source_sha256: original }),
      as_: file === sound.file ? 'as published' : conversionOf(sound),
    };
    this.listed.set(sound.file, entry);
  }

  /** One after the other, though several downloads end at a time. */
  private saveFiles(): Promise<void> {
    const save = async (): Promise<void> => {
      const list = this.sounds.flatMap(({ file }) => this.listed.get(file) ?? []);
      await this.write(filesJson, prettyJson(jsonOf(list)));
    };
    const saved = this.saving.then(save);
    this.saving = saved.catch(() => undefined);
    return saved;
  }

  private async write(name: string, text: string): Promise<void> {
    await store(this.dir, name, Buffer.from(text), false);
  }

  private async has(
    file: string,
    { bytes, sha256: expected }: { readonly bytes: number; readonly sha256: string },
  ): Promise<boolean> {
    const content = await readFile(join(this.dir, file)).catch(() => undefined);
    return content?.length === bytes && sha256(content) === expected;
  }
}

const conversionOf = ({ from = 0, most }: ManifestSound): string =>
  [
    'decoded by ncn',
    ...(most === undefined ? [] : [`from ${from} s`, `at most ${most} s`]),
    'mean of channels',
    '16 kHz',
    'peak .9',
  ].join(', ');
