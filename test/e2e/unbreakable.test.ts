import { spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { jsonLines, main, ncn, start, temporary, tinyIdx, tinyRun } from './support.js';

let data: string;
beforeAll(() => {
  data = tinyIdx();
});

/** Short: what happens at the first updates is enough. */
const shortRun = (run: string, ...more: string[]): string[] =>
  tinyRun(data, run, '--updates', '3', '--set', 'pretraining.updates=2', ...more);

const statusOf = (run: string): unknown =>
  JSON.parse(readFileSync(join(run, 'status.json'), 'utf8')) as unknown;

/** A command whose standard output goes where it cannot be written. */
async function into(output: 'full' | 'closed', args: readonly string[]) {
  const file = output === 'full' ? openSync('/dev/full', 'w') : undefined;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: temporary(),
    env: { ...process.env, NO_COLOR: '1', NCN_OFFLINE: '1' },
    stdio: ['ignore', file ?? 'pipe', 'pipe'],
  });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((done) => child.on('close', done));
  if (file !== undefined) closeSync(file);
  return { code, stderr };
}

test('a reader that leaves ends a listing quietly, and a run not at all', async () => {
  expect(await into('closed', ['schema'])).toEqual({ code: 0, stderr: '' });
  const run = join(temporary(), 'run');
  expect(await into('closed', shortRun(run))).toEqual({ code: 0, stderr: '' });
  expect(statusOf(run)).toMatchObject({ state: 'finished', update: 5 });
}, 120_000);

test.runIf(existsSync('/dev/full'))(
  'nor does a full disk behind standard output',
  async () => {
    const listing = await into('full', ['schema']);
    expect(listing.code).toBe(7);
    expect(listing.stderr).toMatch(/^standard output: ENOSPC.*\n$/);
    const run = join(temporary(), 'run');
    expect((await into('full', shortRun(run))).code).toBe(0);
    expect(statusOf(run)).toMatchObject({ state: 'finished', update: 5 });
  },
  120_000,
);

/** A plugin that does something in setup, or in a hook. */
const plugin = (setup: string, outside = '', head = 'setup'): string => `
import { definePlugin, z } from 'ncn';
${outside}
export default definePlugin({
  name: 'bad', version: '1.0.0', summary: 'for tests', options: z.strictObject({}),
  ${head}({ hooks }) { ${setup} },
});
`;
const inHook = (code: string): string =>
  plugin(`hooks.updateEnd.tap(async ({ update }) => { if (update === 2) { ${code} } });`);
const wait = 'await new Promise((done) => setTimeout(done, 200));';

test.each([
  ['async setup', plugin('', '', 'async setup'), 'NCN_PLUGIN_DEFINITION', false],
  [
    'a floating rejection',
    inHook(`Promise.reject(new Error('adrift')); ${wait}`),
    'NCN_PLUGIN_STRAY',
    true,
  ],
  [
    'a throw in a timer',
    inHook(`setTimeout(() => { throw { message: 'adrift' }; }, 1); ${wait}`),
    'NCN_PLUGIN_STRAY',
    true,
  ],
  ['process.exit(0)', inHook('process.exit(0);'), 'NCN_PLUGIN_EXIT', true],
  ['an endless await', plugin('', 'await new Promise(() => {});'), 'NCN_PLUGIN_STUCK', false],
  ['a thrown null', inHook('throw null;'), 'NCN_PLUGIN_THREW', true],
  [
    'errors without a message',
    inHook(`throw new AggregateError([new Error('one'), new Error('two')]);`),
    'NCN_PLUGIN_THREW',
    true,
  ],
])(
  '%s of a plugin ends as its failure',
  async (_, source, code, begun) => {
    const folder = temporary();
    const file = join(folder, 'bad.ts');
    writeFileSync(file, source);
    const run = join(folder, 'run');
    const { code: exit, stdout } = await ncn(shortRun(run, '--plugin', file, '--json'), folder);
    const errors = jsonLines(stdout).filter(({ type }) => type === 'error');
    expect(errors).toMatchObject([{ code, exit: 4 }]);
    expect(exit).toBe(4);
    const { message } = errors[0] ?? {};
    expect(message).toMatch(/bad/);
    if (!begun) return;
    expect(statusOf(run)).toMatchObject({ state: 'failed', exitCode: 4, message });
  },
  60_000,
);

test('a run that names code from elsewhere is opened only where the user says so', async () => {
  const [mine, theirs] = [temporary(), temporary()];
  const home = { XDG_CONFIG_HOME: temporary() };
  mkdirSync(join(theirs, 'project'));
  const file = join(theirs, 'project', 'theirs.ts');
  writeFileSync(
    file,
    plugin('', `process.stderr.write('THEIR CODE\\n');`).replace("'bad'", "'theirs'"),
  );
  const run = join(theirs, 'project', 'run');
  const at = (args: readonly string[], cwd: string, env: Record<string, string>) =>
    start(args, env, cwd).finished;
  expect(
    (await at(shortRun(run, '--plugin', './theirs'), join(theirs, 'project'), home)).code,
  ).toBe(0);
  const copy = join(mine, 'run');
  cpSync(run, copy, { recursive: true });
  const evaluate = ['evaluate', copy];
  const refused = await at(evaluate, mine, home);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(file);
  expect(refused.stderr).toContain('--trust-plugins');
  expect(refused.stderr).not.toContain('THEIR CODE');
  const named = await at([...evaluate, '--plugin', file], mine, home);
  expect([named.code, named.stderr]).toEqual([0, 'THEIR CODE\n']);
  expect((await at([...evaluate, '--trust-plugins'], mine, home)).code).toBe(0);
  // What was said once is remembered.
  expect((await at(evaluate, mine, home)).code).toBe(0);
}, 120_000);
