import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { downloadFailed } from '../../errors/data.js';
import { corpusOffline } from '../../errors/corpus.js';
import { sha256 } from '../../files/content.js';
import { fetchBytes, reasonOf } from '../../files/download.js';
import { dataContext, isOffline, type DataContext } from '../../files/places.js';
import { store } from '../../files/store.js';

/** The model of DNSMOS P.835, as Microsoft published it. */
const file = {
  name: 'sig_bak_ovr.onnx',
  bytes: 1_157_965,
  sha256: '269fbebdb513aa23cddfbb593542ecc540284a91849ac50516870e1ac78f6edd',
  optional: true,
};
const folder = 'https://raw.githubusercontent.com/microsoft/DNS-Challenge/master/DNSMOS/DNSMOS/';
const licence =
  'DNSMOS P.835: Microsoft, microsoft/DNS-Challenge, CC BY 4.0 (its code: MIT). It is for measuring, and no part of ncn.';

const cached = ({ cache }: DataContext): string => join(cache, 'models');

/** The file, in NCN_DATA or the user's cache; undefined where it is in neither. */
export function dnsmosModel(context: DataContext = dataContext()): string | undefined {
  const own = context.env['NCN_DATA'];
  const data = own === undefined || own === '' ? [] : [own, join(own, 'speech')];
  const folders = [...data.map((dir) => join(dir, 'models')), cached(context)];
  return folders.map((dir) => join(dir, file.name)).find((path) => existsSync(path));
}

export interface FetchDnsmosOptions {
  readonly report?: (message: string) => void;
  readonly context?: DataContext;
  /** Address of the folder that it is in. */
  readonly address?: string;
}

/**
 * Downloads the model into the user's cache, checked by SHA-256; its licence is reported first.
 * @returns its path, and whether it had to be downloaded
 * @throws NcnError (`NCN_DATA_DOWNLOAD`, `NCN_CORPUS_OFFLINE`, `NCN_DATA_NOT_STORED`)
 */
export async function fetchDnsmos({
  report,
  context = dataContext(),
  address = folder,
}: FetchDnsmosOptions = {}): Promise<{ readonly path: string; readonly downloaded: boolean }> {
  const known = dnsmosModel(context);
  if (known !== undefined) return { path: known, downloaded: false };
  const dir = cached(context);
  if (isOffline(context)) throw corpusOffline(dir, 'The model of DNSMOS');
  report?.(licence);
  let bytes: Uint8Array;
  try {
    bytes = await fetchBytes(new URL(file.name, address), file, { mirrors: [], report });
    const got = sha256(bytes);
    if (got !== file.sha256) {
      throw new Error(`the content has SHA-256 ${got}; expected ${file.sha256}`);
    }
  } catch (error) {
    throw downloadFailed(file.name, [{ mirror: address, why: reasonOf(error) }]);
  }
  return { path: await store(dir, file.name, bytes, false), downloaded: true };
}
