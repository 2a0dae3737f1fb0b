// Requests that try to get out of the folder of `ncn watch`, to break it, or to fill its memory:
// npm run proof:watch -- --count 20000 --seconds 1200 --seed 1
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RandomStreams, type RandomSequence } from '../../core/random/streams.js';
import { serve } from '../../lab/watch/server.js';
import { WatchedRuns } from '../../lab/watch/runs.js';
import { campaignOptions, conclude, type Failure } from './campaign.js';
import { mutateText, pick } from './mutate.js';

/** What lies outside the folder, and must never be in an answer. */
const secret = 'a-secret-that-nobody-may-read';
const patience = 20_000;
const allowed = 600e6;
const atOnce = 8;

/** Statuses that say what is the matter; 5xx would be a reader that broke. */
const expected = new Set([200, 206, 304, 400, 403, 404, 405, 414, 416, 431]);

/** A folder with one true run, links out of it, and a secret beside it. */
async function scene(): Promise<{ readonly home: string; readonly runs: string }> {
  const home = await mkdtemp(join(tmpdir(), 'ncn-watch-proof-'));
  const runs = join(home, 'runs');
  const main = resolve(import.meta.dirname, '../../cli/main.js');
  const small = [
    'generator.resconvnet.width=2',
    'evaluation.testExamples=4',
    'evaluation.examples=4',
  ];
  const args = ['--preset', 'dcnn_v1', '--profile', 'quick', '--updates', '2', '--batch', '2'];
  const where = ['--run-dir', join(runs, 'good'), '--engine', 'wasm', '--dataset', 'glyphs'];
  const set = small.flatMap((value) => ['--set', value]);
  execFileSync(process.execPath, [main, ...args, ...where, ...set, '--quiet'], { stdio: 'ignore' });
  await writeFile(join(home, 'secret.txt'), secret);
  await symlink(home, join(runs, 'out'));
  await symlink(join(home, 'secret.txt'), join(runs, 'good/samples/fixed/leak.png'));
  await symlink(home, join(runs, 'good/samples/home'));
  await mkdir(join(runs, 'linked'));
  await symlink(join(home, 'secret.txt'), join(runs, 'linked/manifest.json'));
  await mkdir(join(runs, 'damaged'));
  await writeFile(join(runs, 'damaged/manifest.json'), '{"half": ');
  return { home, runs };
}

const steps = [
  ...['..', '.', '', '%2e%2e', '%2e', '..%2f', '%2e%2e%2f', '..%5c', '%00', '%ff', '%c0%ae%c0%ae'],
  ...[
    'good',
    'out',
    'linked',
    'damaged',
    '~',
    'samples',
    'fixed',
    'home',
    'leak.png',
    'secret.txt',
  ],
  ...[
    'manifest.json',
    'samples.json',
    'config.json',
    'etc',
    'passwd',
    'run',
    'api',
    'file',
    'compare',
  ],
  ...['__proto__', 'constructor', 'a'.repeat(3000), '%f0%9f%92%a5', 'input.png', 'reference.png'],
] as const;
const beginnings = [
  '/',
  '/run/',
  '/api/run/',
  '/file/',
  '/file/good/samples/fixed/',
  '//',
  '/compare?run=',
] as const;
const methods = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'OPTIONS',
  'TRACE',
  'get',
  'X',
] as const;
const hosts = [
  '127.0.0.1',
  'localhost',
  'localhost:80',
  'evil.example',
  '',
  '127.0.0.1.evil.example',
] as const;
const ranges = [
  'bytes=0-3',
  'bytes=-5',
  'bytes=9999999999-',
  'bytes=5-1',
  'bytes=-',
  'x',
  'bytes=0-,1-2',
] as const;

/** What browsers ask for. */
const pages = [
  ...['/', '/api/', '/run/good', '/api/run/good', '/run/damaged', '/run/linked', '/run/out'],
  ...['/compare?run=good&run=good', '/file/good/samples/fixed/input.png'],
  ...['/file/good/samples/fixed/leak.png', '/file/good/samples/home/secret.txt'],
] as const;

function request(random: RandomSequence): string {
  const path = Array.from({ length: 1 + random.below(6) }, () => pick(random, steps)).join('/');
  const query =
    random.below(4) === 0 ? `?run=${pick(random, steps)}&run=${pick(random, steps)}` : '';
  const made = pick(random, beginnings) + path + query;
  const address = random.below(5) === 0 ? pick(random, pages) : made;
  const lines = [
    `${pick(random, methods)} ${address} HTTP/1.1`,
    `host: ${random.below(5) === 0 ? pick(random, hosts) : '127.0.0.1'}`,
    ...(random.below(4) === 0 ? [`range: ${pick(random, ranges)}`] : []),
    'connection: close',
  ];
  const text = `${lines.join('\r\n')}\r\n\r\n`;
  return random.below(10) === 0 ? mutateText(random, text) : text;
}

/** The answer as it comes; what the server closes without a word is an empty one. */
function ask(port: number, text: string): Promise<Buffer> {
  return new Promise((answered, failed) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text);
      // The server waits for the end of a request that has none, and drops the answer of one
      // whose sender has gone.
      if (!text.endsWith('\r\n\r\n')) setTimeout(() => socket.end(), 300);
    });
    socket.setTimeout(patience, () => {
      socket.destroy();
      failed(new Error(`no answer in ${patience / 1000} s`));
    });
    socket.on('data', (part) => parts.push(part));
    // A connection that is reset is an answer, too: the server did not like the request.
    socket.on('error', () => undefined);
    socket.on('close', () => answered(Buffer.concat(parts)));
  });
}

const options = campaignOptions({ count: 20_000, seconds: 1200 });
const { home, runs } = await scene();
const server = await serve(await WatchedRuns.of(runs), 0);
const port = Number(new URL(server.url).port);
const random = new RandomStreams(options.seed);
const started = performance.now();
const failures: Failure[] = [];
const statuses: Record<string, number> = {};
let next = options.from;
let peak = 0;

async function one(index: number): Promise<void> {
  const text = request(random.at('watch', index));
  const fail = (what: Failure['what'], message: string): void => {
    failures.push({
      target: 'watch',
      index,
      what,
      message: `${message}: ${JSON.stringify(text.slice(0, 300))}`,
    });
  };
  try {
    const answer = await ask(port, text);
    const status =
      /^HTTP\/1\.1 (\d+)/.exec(answer.subarray(0, 20).toString('latin1'))?.[1] ?? 'none';
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (answer.includes(secret)) fail('leak', 'the secret was in the answer');
    // Of a run that cannot be read, the answer says what is wrong with it.
    const told = status === '500' && text.includes('damaged');
    if (status !== 'none' && !expected.has(Number(status)) && !told)
      fail('answer', `status ${status}`);
  } catch (error) {
    fail('time', String(error));
  }
}

try {
  // What pages keep is made once, and is no leak.
  for (const path of ['/', '/run/good'])
    await ask(port, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  const atStart = process.memoryUsage.rss();
  const turn = async (): Promise<void> => {
    while (
      next < options.from + options.count &&
      performance.now() - started < options.seconds * 1000
    ) {
      await one(next++);
      peak = Math.max(peak, process.memoryUsage.rss() - atStart);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
  if (peak > allowed) {
    failures.push({
      target: 'watch',
      index: next,
      what: 'memory',
      message: `${Math.round(peak / 1e6)} MB more`,
    });
  }
} finally {
  await server.close();
  await rm(home, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - started) / 1000);
conclude(
  'watch',
  options,
  {
    requests: next - options.from,
    wanted: options.count,
    seconds,
    peakMegabytes: Math.round(peak / 1e6),
    statuses,
  },
  failures,
);
process.exit();
