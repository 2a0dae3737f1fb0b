import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf, NcnError } from '../../core/errors/error.js';
import { portTaken } from '../errors/report.js';
import { systemCode } from '../../core/errors/run.js';
import type { Answer } from './answer.js';
import { answer } from './routes.js';
import type { WatchedRuns } from './runs.js';

const address = '127.0.0.1';

export interface WatchServer {
  readonly url: string;
  /** Ends it, with the connections that browsers keep open. */
  readonly close: () => Promise<void>;
}

/**
 * Serves the runs to this machine alone, for reading alone.
 * @param port 0 for a free one
 * @throws NcnError `NCN_WATCH_PORT` where the port is taken
 */
export async function serve(runs: WatchedRuns, port: number): Promise<WatchServer> {
  const server = createServer((request, response) => {
    void respond(request, response, runs);
  });
  await listen(server, port);
  const bound = server.address();
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    url: `http://${address}:${actual}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error) => {
      const taken = systemCode(error) === 'EADDRINUSE' || systemCode(error) === 'EACCES';
      fail(taken ? portTaken(port) : error);
    });
    server.listen(port, address, done);
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  runs: WatchedRuns,
): Promise<void> {
  const reply = await replyTo(request, runs);
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}

const plain = (status: number, body: string, headers: Record<string, string> = {}): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
  headers,
});

async function replyTo(request: IncomingMessage, runs: WatchedRuns): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plain(405, 'Only reading is possible here.', { allow: 'GET, HEAD' });
  }
  // A page of another site whose name was bound to this address would send its own name.
  if (!isLocal(request.headers.host)) return plain(403, 'Ask for 127.0.0.1 or localhost.');
  try {
    const url = new URL(
      `http://${address}${request.url?.startsWith('/') === true ? request.url : '/'}`,
    );
    const { 'if-none-match': tag, range } = request.headers;
    return await answer(url, runs, { tag, range });
  } catch (error) {
    if (error instanceof NcnError && error.code === 'NCN_WATCH_OUTSIDE') {
      return plain(404, error.message);
    }
    return plain(500, messageOf(error));
  }
}

function isLocal(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host ?? '');
}
