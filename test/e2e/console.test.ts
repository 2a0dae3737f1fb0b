import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { inHost } from './host.js';
import { jsonLines, main, ncn, temporary, tinyIdx, tinyRun } from './support.js';

let data: string;
beforeAll(() => {
  data = tinyIdx();
});

const escape = '\u001b';
const run = (...more: string[]): string[] => tinyRun(data, join(temporary(), 'run'), ...more);

/** Runs the command line in a pseudo-terminal, made by util-linux's `script`. */
function inTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const quoted = [process.execPath, main, ...args].map((arg) => `'${arg}'`).join(' ');
  const inherited = { ...process.env };
  delete inherited['NO_COLOR'];
  return spawnSync('script', ['-qec', `stty cols 120 rows 30; ${quoted}`, '/dev/null'], {
    cwd: temporary(),
    env: { ...inherited, NCN_OFFLINE: '1', TERM: 'xterm', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
if (!hasScript) console.log("Tests in a pseudo-terminal are skipped: there is no 'script -qec'.");

test('piped, it prints plain lines: evaluations, and a table at the end', async () => {
  const { stdout, code } = await ncn(run('--set', 'progress.lines=0.000001'));
  expect(code).toBe(0);
  expect(stdout).not.toContain(escape);
  expect(stdout).toMatch(
    /^pretraining {2}1\/16 6 % {2}content \d\.\d{4} {2}\S+ updates\/s, .* left$/m,
  );
  expect(stdout).toMatch(/^evaluation 'fixed' at update 3: content /m);
  expect(stdout).toMatch(
    /^test set +moving averages +batch statistics\ncontent +\d\.\d{4} +\d\.\d{4}$/m,
  );
  expect(stdout).toMatch(/\nfinished: .*\n$/);
}, 120_000);

test('--quiet prints the results only, --json lines of JSON only', async () => {
  const quiet = await inHost(run('--quiet'));
  expect(quiet.stderr).toBe('');
  expect(quiet.stdout).toMatch(
    /^test set .*\n(\w+ +\S+( dB| %)? +\S+( dB| %)? *\n){6}black +\S+ *\nfinished: .*\n$/,
  );
  const json = await inHost(run('--json'));
  const types = jsonLines(json.stdout).map(({ type }) => type);
  expect(types.slice(0, 2)).toEqual(['plan', 'run']);
  expect(types.at(-1)).toBe('finished');
  expect(types.filter((type) => type === 'finished')).toHaveLength(1);
}, 120_000);

test.skipIf(!hasScript)(
  'in a terminal one line changes in place, coloured',
  () => {
    const { stdout, status } = inTerminal(
      run('--updates', '60', '--eval-every', '20', '--checkpoint-every', '30'),
    );
    expect(status).toBe(0);
    expect(stdout).toContain('━');
    expect(stdout).toContain(`${escape}[1m`);
    // What is drawn in place is erased before lines that stay.
    expect(stdout).toContain(`${escape}[2K`);
    expect(stdout).toMatch(/finished: /);
  },
  120_000,
);

test.skipIf(!hasScript)(
  'NO_COLOR takes the colours away, not the line',
  () => {
    const { stdout } = inTerminal(
      run('--updates', '60', '--eval-every', '20', '--checkpoint-every', '30'),
      { NO_COLOR: '1' },
    );
    expect(stdout).toContain('━');
    expect(stdout).not.toContain(`${escape}[1m`);
    expect(stdout).not.toContain(`${escape}[36m`);
  },
  120_000,
);
