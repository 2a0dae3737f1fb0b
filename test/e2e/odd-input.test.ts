import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { long } from '../support/long.js';
import { inHost } from './host.js';
import { temporary, type Finished } from './support.js';

/** A folder with what people point at by mistake; its names, and others. */
function oddPlaces(): { folder: string; places: readonly string[] } {
  const folder = temporary();
  const at = (name: string): string => join(folder, name);
  for (const name of ['dir', 'run']) mkdirSync(at(name));
  const files = {
    ...{ 'file.txt': 'hello', empty: '', 'x.json': '{', 'x.wav': 'RIFF', 'x.png': '\x89PNG' },
    ...{ 'x.ts': 'export default 3', 'run/manifest.json': '{}', 'run/config.json': '[]' },
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  symlinkSync(at('not there'), at('broken'));
  symlinkSync(at('loop'), at('loop'));
  const names = ['dir', 'run', 'file.txt', 'empty', 'x.json', 'x.wav', 'x.png', 'x.ts', 'broken'];
  const others = [
    'loop',
    'nowhere',
    '/',
    '.',
    '..',
    '/dev/null',
    '/proc/self/mem',
    'ü ñ',
    '-',
    '--',
  ];
  return { folder, places: [...names, ...others, 'a'.repeat(5000)] };
}

const numbers = [
  '0',
  '-1',
  '1.5',
  '1e999',
  'NaN',
  '',
  '9007199254740993',
  '0x10',
  '١',
  '1,2',
  '1..2',
];

const dryRun = (...more: string[]): string[] => [
  'run',
  '--preset',
  'dcnn_v1',
  '--dry-run',
  ...more,
];

const aPlace = [
  ...['resume', 'evaluate', 'checkpoints', 'export', 'report', 'replay', 'graph', 'explain'],
  ...['hooks', 'config', 'presets', 'plugins', 'sweep', 'schema', 'data', 'compare', 'denoise'],
];

/** Command lines in which one word is odd. None of them trains, or serves. */
function commandsWith(odd: string): string[][] {
  const sweep = (...more: string[]): string[] => ['sweep', '--presets', 'dcnn_v1', ...more];
  return [
    ...[
      '--data',
      '--dataset',
      '--plugin',
      '--engine',
      '--profile',
      '--variant',
      '--without',
      '--set',
    ].map((option) => dryRun(option, odd)),
    ...['idx:', 'pairs:', 'npy:', 'speech:'].map((kind) => dryRun('--dataset', `${kind}${odd}`)),
    ...aPlace.map((command) => [command, odd]),
    ['run', '--preset', odd, '--dry-run'],
    ['denoise', odd, '--reference', odd, '-o', 'out.wav'],
    ['denoise', 'x.wav', '--reference', 'x.wav', '-o', odd],
    ['compare', 'run', odd],
    ...['plugin', 'preset'].map((kind) => ['new', kind, odd]),
    ...['status', 'watch', 'retry'].map((command) => ['sweep', command, odd]),
    ['sweep', 'cancel', odd, '1'],
    ['sweep', 'cancel', 'dir', odd],
    ['reproduce', '--dry-run', '--presets', odd],
    ['reproduce', '--dry-run', '--seeds', odd],
    sweep('--seeds', odd, '--dir', 'new', '--dry-run'),
    sweep('--launcher', odd, '--dir', 'new', '--dry-run'),
    ['data', 'fetch', odd],
    ['config', '--preset', 'dcnn_v1', '--set', `loss.content.weight=${odd}`],
    ['config', '--preset', 'dcnn_v1', '--set', `${odd}=1`],
    ['explain', odd, '--preset', 'dcnn_v1'],
    ['evaluate', 'run', '--per-example', odd],
    ['export', 'run', '--output', odd],
    ['report', 'run', '--output', odd],
    ['help', odd],
    [odd, odd],
  ];
}

function commandsOfNumber(odd: string): string[][] {
  const options = ['--seed', '--updates', '--batch', '--threads', '--eval-every'];
  return [
    ...[...options, '--checkpoint-every', '--hook-timeout'].map((option) =>
      dryRun('--dataset', 'glyphs', option, odd),
    ),
    ['sweep', '--presets', 'dcnn_v1', '--jobs', odd, '--dir', 'new', '--dry-run'],
    ['replay', 'run', '--update', odd],
    ['denoise', 'run', '--example', odd],
    // Port 0 is one that is free.
    ...(Number(odd) === 0 ? [] : [['watch', 'dir', '--port', odd]]),
  ];
}

/** @throws AssertionError where a command neither did what was asked nor said why not, without a trace */
async function expectAnswer(args: readonly string[], cwd: string): Promise<Finished> {
  const { code, stdout, stderr, ...more } = await inHost(args, cwd);
  const what = JSON.stringify(args.map((word) => word.slice(0, 40)));
  // A bug is 1; a run that diverges, 6, and signals cannot come here.
  expect([0, 2, 3, 4, 5, 7], `${what} ${stdout}${stderr}`).toContain(code);
  expect(stderr, what).not.toMatch(/^\s+at .*:\d+:\d+|This is a bug|\[object /m);
  if (code !== 0) expect(stderr, what).toMatch(/^error: .+/m);
  return { code, stdout, stderr, ...more };
}

test('whatever is typed is done, or refused in a few words', async () => {
  const { folder, places } = oddPlaces();
  const all = [...places.flatMap(commandsWith), ...numbers.flatMap(commandsOfNumber)];
  const tried = long ? all : all.filter((_, i) => i % 7 === 0);
  expect(tried.length).toBeGreaterThan(100);
  for (const args of tried) await expectAnswer(args, folder);
}, 300_000);

test('whatever a setting is set to is planned with, or refused', async () => {
  const cwd = temporary();
  const preset = ['--preset', 'conditional_v5'];
  const { stdout } = await inHost(['config', ...preset, '--json'], cwd);
  const { values } = z
    .object({ values: z.array(z.object({ path: z.string() })) })
    .parse(JSON.parse(stdout));
  const odd = ['0', '-1', '0.5', '1e-300', '1e9', 'null', '"x"', '""', 'true', '[]', '{}', '[1e9]'];
  // Planning a thousand million of these takes as long as it sounds.
  const slow = /^(batch|updates|threads|data|dataset)$|\.(width|depth)$/;
  const all = values
    .flatMap(({ path }) => odd.map((value) => [path, value] as const))
    .filter(([path]) => !slow.test(path));
  expect(all.length).toBeGreaterThan(400);
  let planned = 0;
  for (const [i, [path, value]] of all.entries()) {
    if (!long && i % 13 !== 0) continue;
    const given = [...preset, '--set', `${path}=${value}`];
    const { code } = await expectAnswer(['config', ...given], cwd);
    if (code !== 0) continue;
    planned++;
    await expectAnswer(
      ['run', '--dry-run', '--dataset', 'glyphs', '--profile', 'quick', ...given],
      cwd,
    );
  }
  expect(planned).toBeGreaterThan(2);
}, 300_000);
