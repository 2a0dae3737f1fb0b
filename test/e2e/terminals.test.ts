import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limited } from '../../bench/proof/faults/fault.js';
import { noTerminal, onTerminal } from '../../bench/proof/terminal.js';
import { start, temporary, tinyIdx, tinyRun } from './support.js';

const data = tinyIdx();
const statusOf = (run: string): unknown =>
  JSON.parse(readFileSync(join(run, 'status.json'), 'utf8')) as unknown;
/** Long enough to be stopped in, and to be at its end soon. */
const phases = ['--updates', '3', '--set', 'pretraining.updates=30'];
const moment = "evaluation 'fixed' at update 0";

test('a hang-up saves and ends with 143', async () => {
  const run = join(temporary(), 'run');
  const child = start(tinyRun(data, run, ...phases));
  await child.said(moment);
  child.kill('SIGHUP');
  expect((await child.finished).code).toBe(143);
  expect(statusOf(run)).toMatchObject({ state: 'interrupted', exitCode: 143 });
}, 120_000);

const through = (before: readonly string[], args: readonly string[]) =>
  start(args, {}, undefined, { through: before });

test.runIf(existsSync('/usr/bin/nohup'))(
  'one that is ignored, as nohup has it, changes nothing',
  async () => {
    const run = join(temporary(), 'run');
    // As a shell starts it: Node forgets what it inherited.
    const shell = ['bash', '-c', 'nohup "$@"', 'bash'];
    const child = through(shell, tinyRun(data, run, ...phases));
    await child.said(moment);
    child.kill('SIGHUP');
    expect((await child.finished).code).toBe(0);
    expect(statusOf(run)).toMatchObject({ state: 'finished', update: 33 });
  },
  120_000,
);

const without = noTerminal();
if (without !== undefined) console.log(`no terminal is closed in the tests: ${without}`);
test.runIf(without === undefined)(
  'a terminal that is closed is a hang-up, and the state is saved',
  async () => {
    const run = join(temporary(), 'run');
    const terminal = onTerminal(60_000, moment).through ?? [];
    const { finished } = through(terminal, tinyRun(data, run, ...phases));
    expect(await finished).toMatchObject({ code: 143, signal: null });
    expect(statusOf(run)).toMatchObject({ state: 'interrupted', exitCode: 143 });
    expect(readdirSync(join(run, 'checkpoints'))).not.toEqual([]);
  },
  120_000,
);

test.runIf(process.platform === 'linux')(
  'few file handles: it runs, or says what is the matter in one message',
  async () => {
    for (const handles of [22, 29, 40, 64, 256]) {
      const shell = limited(`-n ${handles}`).through ?? [];
      const { code, stdout, stderr } = await through(shell, ['config', '--preset', 'dcnn_v1'])
        .finished;
      if (handles === 256) expect(code).toBe(0);
      if (code === 0) continue;
      expect({ handles, code, stdout }).toEqual({ handles, code: 7, stdout: '' });
      expect(stderr).toMatch(
        /^error: This process may not open any more files: .*\n.*ulimit -n 256.*\n.*\n$/,
      );
    }
  },
  60_000,
);
