import { createHash } from 'node:crypto';
import type { PageModel } from '../report/model.js';
import { renderPage } from '../report/page.js';
import { mimeOfSample } from '../report/samples.js';
import { isFileName, samplesSchema } from '../samples.js';
import { part } from './range.js';
import { listModel, watchedComparison, watchedRunModel } from './models.js';
import type { Answer } from './answer.js';
import type { WatchedRuns } from './runs.js';

const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

const notFound = (): Answer => text(404, 'There is nothing here.');

/** A name in an address; undefined where it is not well encoded. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** Pages that ask for the same address under /api for newer values. */
async function modelAt(path: string, query: URLSearchParams, runs: WatchedRuns) {
  if (path === '/') return listModel(runs);
  if (path === '/compare') return watchedComparison(runs, query.getAll('run'));
  const run = decoded(/^\/run\/([^/]+)$/.exec(path)?.[1] ?? '');
  return run === undefined || run === '' ? undefined : watchedRunModel(runs, run);
}

/** What of a request matters beside its address. */
export interface Asked {
  /** The `if-none-match` header. */
  readonly tag: string | undefined;
  /** The `range` header. */
  readonly range: string | undefined;
}

/** Answers a GET. @throws NcnError where a run cannot be read */
export async function answer(url: URL, runs: WatchedRuns, { tag, range }: Asked): Promise<Answer> {
  const { pathname, searchParams, search } = url;
  if (pathname.startsWith('/file/')) return part(await sample(pathname, runs), range);
  if (pathname.startsWith('/api/')) {
    const model = await modelAt(pathname.slice('/api'.length), searchParams, runs);
    return model === undefined ? notFound() : json(model, tag);
  }
  const model = await modelAt(pathname, searchParams, runs);
  if (model === undefined) return notFound();
  const live = `/api${pathname}${search}`;
  const body = await renderPage(model, { live, home: '/' });
  return { status: 200, type: 'text/html; charset=utf-8', body };
}

function json(model: PageModel, tag: string | undefined): Answer {
  const body = JSON.stringify(model);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`;
  if (tag === etag) return { status: 304, type: 'application/json', body: '', headers: { etag } };
  return { status: 200, type: 'application/json', body, headers: { etag } };
}

/**
 * `/file/RUN/samples/EVALUATION/FILE`: nothing but the pictures and sounds that a run's samples.json
 * describes.
 */
async function sample(path: string, runs: WatchedRuns): Promise<Answer> {
  const [, id = '', evaluation = '', file = ''] =
    /^\/file\/([^/]+)\/samples\/([^/]+)\/([^/]+)$/.exec(path)?.map((name) => decoded(name) ?? '') ??
    [];
  if (!isFileName(evaluation) || !isFileName(file)) return notFound();
  const source = (await runs.get(id))?.data.source;
  const folder = `samples/${evaluation}`;
  const about = await source?.json(`${folder}/samples.json`, samplesSchema);
  const type = about === undefined ? undefined : mimeOfSample(about, file);
  if (type === undefined) return notFound();
  const body = await source?.bytes(`${folder}/${file}`);
  if (body === undefined) return notFound();
  const headers = { 'cache-control': 'private, max-age=31536000, immutable' };
  return { status: 200, type, body, headers };
}
