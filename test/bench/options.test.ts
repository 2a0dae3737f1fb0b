import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  choice,
  flag,
  maybe,
  number,
  readOptions,
  whole,
  wholes,
  word,
  words,
} from '../../bench/options.js';

const root = resolve(import.meta.dirname, '../..');

const about = {
  command: 'npm run bench:test',
  about: 'A script of a test.',
  options: {
    works: words('what is timed', ['one', 'two']),
    batches: words('batches'),
    kind: choice('how', ['fast', 'slow'], 'fast'),
    out: maybe('file', 'where to'),
    python: word('path', 'Python', 'python3'),
    rounds: whole('rounds', 3),
    threads: wholes('threads', undefined, 0),
    seconds: number('seconds', 1.5),
    'torch-compile': flag('leaves it out', true),
    'write-docs': flag('writes'),
  },
};

/** What is printed on standard error, or in the help. */
function refused(...args: string[]): string {
  let said = '';
  for (const stream of [process.stderr, process.stdout]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      said += String(chunk);
      return true;
    });
    onTestFinished(() => spy.mockRestore());
  }
  expect(() => readOptions(about, args)).toThrow();
  return said;
}

test('values are read in their kinds; what is not given has its default', () => {
  expect(readOptions(about, [])).toEqual({
    ...{ works: undefined, batches: undefined, kind: 'fast', out: undefined, python: 'python3' },
    ...{ rounds: 3, threads: undefined, seconds: 1.5, 'torch-compile': true, 'write-docs': false },
  });
  const args = ['--works', 'two,one', '--batches', '4x3,8x4', '--threads', '0,2', '--write-docs'];
  expect(readOptions(about, [...args, '--no-torch-compile', '--seconds', '0.5'])).toMatchObject({
    ...{ works: ['two', 'one'], batches: ['4x3', '8x4'], threads: [0, 2], seconds: 0.5 },
    ...{ 'torch-compile': false, 'write-docs': true },
  });
});

test('what is wrong is said, with what was expected', () => {
  expect(refused('--wroks', 'one')).toMatch(/unknown option '--wroks'[^]*--works\?[^]*--help/);
  expect(refused('--works', 'one,three')).toContain("'three' is none of one, two");
  expect(refused('--kind', 'quick')).toContain("'quick' is none of fast, slow");
  expect(refused('--rounds', 'q')).toMatch(/'--rounds <n>' argument 'q' is invalid.*whole number/);
  expect(refused('--rounds', '0')).toContain('1 or more was expected');
  expect(refused('--threads', '1,x')).toMatch(/--threads.*'x'|--threads.*1,x/);
  expect(refused('--seconds', 'soon')).toMatch(/--seconds.*soon/);
  expect(refused('surplus')).toContain('too many arguments');
  const help = refused('--help');
  expect(help).toContain('npm run bench:test -- [options]');
  expect(help).toMatch(/--no-torch-compile +leaves it out/);
  expect(help).toMatch(/--rounds <n> +rounds \(default: 3\)/);
});

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'dist/bench', script), ...args], { encoding: 'utf8' });

test('a script says so, too, and ends as a wrong command line does', () => {
  const { status, stderr } = run('frame.js', '--piece', '3');
  expect(stderr).toMatch(/^error: unknown option '--piece'/);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(2);
});

test('where there are no times of operators, no empty table stands for them', () => {
  const help = run('profile.js', '--help');
  expect(help.stdout).toContain('--work <name>');
  expect(help.stdout).not.toContain('ms a run');
  expect(help.status).toBe(0);
  const eager = run(
    'profile.js',
    '--engine=wasm',
    '--work=generator',
    '--profile=quick',
    '--updates=1',
  );
  expect(eager.stderr).toContain('only the compiled engine');
  expect(eager.status).toBe(2);
});

test('no script reads its options in another way', () => {
  const files = readdirSync(join(root, 'bench'), { recursive: true, encoding: 'utf8' });
  const scripts = files.filter((file) => file.endsWith('.ts'));
  expect(scripts.length).toBeGreaterThan(30);
  const others = scripts.filter((file) =>
    readFileSync(join(root, 'bench', file), 'utf8').includes('parseArgs'),
  );
  expect(others).toEqual([]);
});
