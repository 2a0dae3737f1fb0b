import { createHash } from 'node:crypto';
import type { PageModel } from '../report/model.js';
import { renderPage } from '../report/page.js';
import { sampleUpdate } from '../samples.js';
import { listModel, watchedComparison, watchedRunModel } from './models.js';
import type { WatchedRuns } from './runs.js';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

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

/** Answers a GET. @throws NcnError where a run cannot be read */
export async function answer(
  url: URL,
  runs: WatchedRuns,
  tag: string | undefined,
): Promise<Answer> {
  const { pathname, searchParams, search } = url;
  if (pathname.startsWith('/image/')) return image(pathname, runs);
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

/** `/image/RUN/samples/EVALUATION/FILE.png`: nothing but pictures that a run keeps of its samples. */
async function image(path: string, runs: WatchedRuns): Promise<Answer> {
  const [, encoded = '', evaluation = '', file = ''] =
    /^\/image\/([^/]+)\/samples\/([\w-]+)\/([\w-]+\.png)$/.exec(path) ?? [];
  const statics = ['reference.png', 'input.png', 'target.png'];
  if (!statics.includes(file) && sampleUpdate(file) === undefined) return notFound();
  const run = await runs.get(decoded(encoded) ?? '');
  const body = await run?.data.source.bytes(`samples/${evaluation}/${file}`);
  if (body === undefined) return notFound();
  const headers = { 'cache-control': 'private, max-age=31536000, immutable' };
  return { status: 200, type: 'image/png', body, headers };
}
