import { z } from 'zod';
import list from './corpus.json' with { type: 'json' };

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const fileSchema = z.strictObject({
  /** Its place in the published corpus, whose files are all FLAC. */
  file: z.string(),
  split: z.enum(['train', 'valid', 'test']),
  /** Bytes and SHA-256 of that FLAC file. */
  bytes: z.int().positive(),
  sha256: hash,
  seconds: z.number().positive(),
  /** In its repository. */
  path: z.string(),
  /** Of the repository's file, where the corpus has a conversion of it. */
  original: hash.optional(),
  speaker: z.string().optional(),
  sex: z.enum(['F', 'M']).optional(),
  piece: z.string().optional(),
  attribution: z.string().optional(),
  /** What was cut out: seconds from the beginning, and seconds at most. */
  from: z.number().nonnegative().optional(),
  most: z.number().positive().optional(),
});

const sourceSchema = z.strictObject({
  kind: z.enum(['speech', 'music', 'noise', 'rir']),
  /** Of GitHub. */
  repo: z.string(),
  commit: z.string(),
  licence: z.string(),
  /** Of all files that have none of their own. */
  attribution: z.string().optional(),
  /**
   * `none`: the file as it is; `decode`: its Ogg Vorbis or MP3 is decoded, mixed, cut, resampled and
   * scaled; `sofa`: a SOFA file (HDF5) would have to be read.
   */
  conversion: z.enum(['none', 'decode', 'sofa']),
  files: z.array(fileSchema),
});

const schema = z.strictObject({ sources: z.array(sourceSchema) });

/** The sounds of the published corpus, and where they are from: corpus.json. */
export type Manifest = z.infer<typeof schema>;

type Source = Manifest['sources'][number];

/** A sound and what it shares with others. */
export type ManifestSound = Omit<Source, 'files'> & Source['files'][number];

let read: Manifest | undefined;

export function corpusManifest(): Manifest {
  read ??= schema.parse(list);
  return read;
}

/** By kind, split and name: the order of splits.json, which says the index of each sound. */
export function soundsOf({ sources }: Manifest): ManifestSound[] {
  const ranks = ['speech', 'music', 'noise', 'rir', 'train', 'valid', 'test'];
  const rank = ({ kind, split }: ManifestSound): number =>
    3 * ranks.indexOf(kind) + ranks.indexOf(split);
  return sources
    .flatMap(({ files, ...shared }) => files.map((file) => ({ ...shared, ...file })))
    .sort((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
}

/** What corpora and people are told of where a sound is from. */
export const provenanceOf = (sound: ManifestSound) => ({
  ...{ repo: sound.repo, commit: sound.commit, path: sound.path, licence: sound.licence },
  ...(sound.attribution === undefined ? {} : { attribution: sound.attribution }),
});

/** The address of a sound's original below that of GitHub's files. */
export function addressOf({ repo, commit, path }: ManifestSound, base: string): URL {
  const parts = [...repo.split('/'), commit, ...path.split('/')].map(encodeURIComponent);
  return new URL(`${base.replace(/\/+$/, '')}/${parts.join('/')}`);
}
