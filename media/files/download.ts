import { downloadFailed } from '../errors/data.js';
import { messageOf, NcnError } from '../../core/errors/error.js';
import { StoredContent, sha256 } from './content.js';
import type { KnownFile } from './known-file.js';
import { store } from './store.js';

export interface DownloadOptions {
  /** Addresses of folders, tried in order. */
  readonly mirrors: readonly string[];
  /** Milliseconds without a first answer, then without any data, after which a mirror is left. */
  readonly patience?: number;
  /** Hears about progress. */
  readonly report?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PATIENCE = 15_000;

/**
 * Downloads one file (as NAME.gz) into a folder: from the first mirror that gives the right
 * content, checked by SHA-256. It is kept in memory until then, and enters the folder whole.
 *
 * @returns the path that it has now
 * @throws NcnError `NCN_DATA_DOWNLOAD`, with each mirror and why it failed; `NCN_DATA_NOT_STORED`;
 * the signal's reason.
 */
export async function downloadFile(
  file: KnownFile,
  dir: string,
  options: DownloadOptions,
): Promise<string> {
  const failures: { mirror: string; why: string }[] = [];
  for (const mirror of options.mirrors) {
    let body: { bytes: Uint8Array; gzipped: boolean };
    try {
      body = await fetchFile(file, mirror, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const why = reasonOf(error);
      failures.push({ mirror, why });
      options.report?.(`${file.name}: ${mirror} failed: ${why}`);
      continue;
    }
    const path = await store(dir, file.name, body.bytes, body.gzipped);
    options.report?.(`${file.name}: downloaded and verified (${path})`);
    return path;
  }
  throw downloadFailed(file.name, failures);
}

/** Gets a file from one mirror, as the mirror has it, and checks its content. */
async function fetchFile(
  file: KnownFile,
  mirror: string,
  options: DownloadOptions,
): Promise<{ bytes: Uint8Array; gzipped: boolean }> {
  const url = new URL(`${file.name}.gz`, mirror.endsWith('/') ? mirror : `${mirror}/`);
  const bytes = await fetchBytes(url, file, options);
  const content = await new StoredContent(bytes, url.href).content(file.bytes);
  const got = sha256(content.bytes);
  if (got !== file.sha256) {
    throw new Error(`the content has SHA-256 ${got}; expected ${file.sha256}`);
  }
  return { bytes, gzipped: content.gzipped };
}

/** What an address gives, at most `file.bytes` and a little. @throws an Error that says why not */
export async function fetchBytes(
  url: URL,
  file: KnownFile,
  options: DownloadOptions,
): Promise<Uint8Array> {
  const patience = options.patience ?? PATIENCE;
  const watch = new AbortController();
  const giveUp = (what: string) => () =>
    watch.abort(new Error(`${what} for ${patience / 1000} seconds`));
  let timer = setTimeout(giveUp('no answer'), patience);
  try {
    const signals = options.signal === undefined ? [] : [options.signal];
    const response = await fetch(url, { signal: AbortSignal.any([watch.signal, ...signals]) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP status ${response.status} ${response.statusText}`.trimEnd());
    }
    const progress = new Progress(file.name, url.host, response.headers, options.report);
    const chunks: Uint8Array[] = [];
    let received = 0;
    const body: AsyncIterable<Uint8Array> = response.body;
    for await (const chunk of body) {
      clearTimeout(timer);
      timer = setTimeout(giveUp('no data'), patience);
      received += chunk.byteLength;
      // Nothing right is longer than the plain content (and a little, for gzip's frame).
      if (received > file.bytes + 4096) throw new Error(`more than ${file.bytes} bytes`);
      chunks.push(chunk);
      progress.at(received);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
    // Stops what may still come after an error; nothing after the end.
    watch.abort();
  }
}

/** Reports each tenth of a download. */
class Progress {
  private readonly total: number | undefined;
  private tenths = 0;

  constructor(
    private readonly name: string,
    private readonly host: string,
    headers: Headers,
    private readonly report: ((message: string) => void) | undefined,
  ) {
    const length = Number(headers.get('content-length') ?? 0);
    // The length of an encoded body is not that of the bytes which arrive here.
    this.total = length > 0 && !headers.has('content-encoding') ? length : undefined;
    if (this.total === undefined) report?.(`${name}: downloading from ${host}`);
  }

  at(received: number): void {
    if (this.total === undefined) return;
    const tenths = Math.floor((10 * received) / this.total);
    if (tenths === this.tenths) return;
    this.tenths = tenths;
    this.report?.(`${this.name}: downloading from ${this.host}: ${10 * tenths} %`);
  }
}

/** fetch hides what happened in the cause of its error. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof NcnError || !(thrown instanceof Error)) return messageOf(thrown);
  const cause = thrown.cause;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (cause instanceof Error) return `${thrown.message}: ${reasonOf(cause)}`;
  return thrown.message;
}
