import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { downloadFailed } from '../../errors/data.js';
import { corpusOffline } from '../../errors/corpus.js';
import { sha256 } from '../../files/content.js';
import { fetchBytes, reasonOf } from '../../files/download.js';
import { dataContext, isOffline, type DataContext } from '../../files/places.js';
import { store } from '../../files/store.js';

/** A model that others published, to measure with; none is part of ncn. */
export interface PublishedModel {
  /** For people. */
  readonly title: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Address of the folder that it is in. */
  readonly folder: string;
  /** Whose it is, where it comes from, and its licence. */
  readonly licence: string;
}

const raw = 'https://raw.githubusercontent.com/';

const dnsmos: PublishedModel = {
  title: 'The model of DNSMOS',
  file: 'sig_bak_ovr.onnx',
  bytes: 1_157_965,
  sha256: '269fbebdb513aa23cddfbb593542ecc540284a91849ac50516870e1ac78f6edd',
  folder: `${raw}microsoft/DNS-Challenge/master/DNSMOS/DNSMOS/`,
  licence: 'DNSMOS P.835: Microsoft, microsoft/DNS-Challenge, CC BY 4.0 (its code: MIT).',
};

const gtcrn: PublishedModel = {
  title: 'The model of GTCRN',
  file: 'gtcrn_simple.onnx',
  bytes: 535_190,
  sha256: 'b4718df6228e7bdf1a8a435cf98f838636eb2fd331acabf86ba87c5192ebcb87',
  folder: `${raw}Xiaobin-Rong/gtcrn/main/stream/onnx_models/`,
  licence: 'GTCRN: Rong Xiaobin, Xiaobin-Rong/gtcrn, MIT.',
};

/** By the name that `ncn data fetch` takes. */
export const publishedModels: ReadonlyMap<string, PublishedModel> = new Map([
  ['dnsmos', dnsmos],
  ['gtcrn', gtcrn],
]);

const cached = ({ cache }: DataContext): string => join(cache, 'models');

/** A model's file, in NCN_DATA or the user's cache; undefined where it is in neither. */
export function findModel(
  { file }: PublishedModel,
  context: DataContext = dataContext(),
): string | undefined {
  const own = context.env['NCN_DATA'];
  const data = own === undefined || own === '' ? [] : [own, join(own, 'speech')];
  const folders = [...data.map((dir) => join(dir, 'models')), cached(context)];
  return folders.map((dir) => join(dir, file)).find((path) => existsSync(path));
}

/** The file of DNSMOS P.835, as Microsoft published it, where it is at hand. */
export const dnsmosModel = (context?: DataContext): string | undefined =>
  findModel(dnsmos, context);

/** The file of the noise suppressor GTCRN, trained on DNS3 by its authors, where it is at hand. */
export const gtcrnModel = (context?: DataContext): string | undefined => findModel(gtcrn, context);

export interface FetchModelOptions {
  readonly report?: (message: string) => void;
  readonly context?: DataContext;
  /** Address of the folder that it is in. */
  readonly address?: string;
}

/**
 * Downloads a model into the user's cache, checked by SHA-256; its licence is reported first.
 * @returns its path, and whether it had to be downloaded
 * @throws NcnError (`NCN_DATA_DOWNLOAD`, `NCN_CORPUS_OFFLINE`, `NCN_DATA_NOT_STORED`)
 */
export async function fetchModel(
  model: PublishedModel,
  { report, context = dataContext(), address = model.folder }: FetchModelOptions = {},
): Promise<{ readonly path: string; readonly downloaded: boolean }> {
  const known = findModel(model, context);
  if (known !== undefined) return { path: known, downloaded: false };
  const dir = cached(context);
  if (isOffline(context)) throw corpusOffline(dir, model.title);
  report?.(`${model.licence} It is for measuring, and no part of ncn.`);
  const { file: name, bytes: size, sha256: expected } = model;
  let bytes: Uint8Array;
  try {
    const wanted = { name, bytes: size, sha256: expected, optional: true };
    bytes = await fetchBytes(new URL(name, address), wanted, { mirrors: [], report });
    const got = sha256(bytes);
    if (got !== expected) throw new Error(`the content has SHA-256 ${got}; expected ${expected}`);
  } catch (error) {
    throw downloadFailed(name, [{ mirror: address, why: reasonOf(error) }]);
  }
  return { path: await store(dir, name, bytes, false), downloaded: true };
}
