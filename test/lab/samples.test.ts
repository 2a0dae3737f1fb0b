import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import {
  exampleFile,
  isFileName,
  nameOfFile,
  roleFile,
  sampleFile,
  samplesFolder,
  samplesSchema,
  sampleUpdate,
  sheetFile,
  type SamplesAbout,
} from '../../lab/samples.js';

const about: SamplesAbout = {
  format: 2,
  count: 5,
  columns: 3,
  output: 'output',
  roles: [
    {
      ...{ role: 'mixture', label: 'mixture', medium: 'wave', kind: 'player' },
      ...{ mime: 'audio/wav', extension: '.wav', width: 240, height: 80, channels: 1 },
    },
    {
      ...{ role: 'output', label: 'output', medium: 'image', kind: 'picture' },
      ...{ mime: 'image/png', extension: '.png', width: 32, height: 32, channels: 3 },
    },
  ],
};

test('files are named after roles, examples and updates', () => {
  expect(samplesFolder('run', 'fixed').split(/[/\\]/)).toEqual(['run', 'samples', 'fixed']);
  expect(sheetFile('reference')).toBe('reference.png');
  expect(sampleFile(100)).toBe('output-000000100.png');
  expect(sampleFile(2_000_000_000, 'estimate')).toBe('estimate-2000000000.png');
  const wave = { role: 'mixture', extension: '.wav' };
  expect(exampleFile(wave, 0)).toBe('mixture-0.wav');
  expect(exampleFile({ ...wave, role: 'output' }, 12, 100)).toBe('output-000000100-12.wav');
});

test('a sheet of outputs tells its update, and no other file does', () => {
  expect(sampleUpdate(sampleFile(0))).toBe(0);
  expect(sampleUpdate(sampleFile(2_000_000_000))).toBe(2_000_000_000);
  expect(sampleUpdate(sampleFile(7, 'a.b'), 'a.b')).toBe(7);
  const others = ['output.png', 'output-000000100-0.wav', 'output-100.png', 'reference.png'];
  for (const file of [...others, 'xoutput-000000100.png', 'samples.json']) {
    expect(sampleUpdate(file)).toBeUndefined();
  }
});

test('a role cannot lead out of the folder', () => {
  for (const role of ['../../x', 'a/b', 'a\\b', '..', '.', 'a\0', 'C:x', '*?"<>|']) {
    const file = sheetFile(role);
    expect(basename(file)).toBe(file);
    expect(file).toMatch(/^[\w~][\w.~-]*\.png$/);
    expect(isFileName(file)).toBe(true);
    const folder = samplesFolder('run', role);
    expect(relative(join('run', 'samples'), folder)).toBe(basename(folder));
    expect(basename(folder)).not.toMatch(/^\./);
  }
  for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'a\0', 'C:x']) {
    expect(isFileName(name)).toBe(false);
  }
});

test('roles of different names have different files, and names are found again in them', () => {
  const roles = [
    '목표',
    '잡음',
    'ü',
    'u',
    'speaker one',
    'speaker_one',
    'speaker/one',
    'a~b',
    '~',
    '_',
  ];
  const more = ['speaker~20~one', '😀', '\ud800', '..', '.', 'ood.hard', 'ood/hard', 'ood~2f~hard'];
  const all = [...roles, ...more];
  expect(new Set(all.map(roleFile)).size).toBe(all.length);
  expect(all.map((role) => nameOfFile(roleFile(role)))).toEqual(all);
  for (const plain of ['input', 'a.b', 'x-1_y', '목표']) expect(roleFile(plain)).toBe(plain);
  expect(roleFile('speaker one')).toBe('speaker~20~one');
});

test('samples.json is checked', () => {
  expect(samplesSchema.parse(about)).toEqual(about);
  const wrong = [
    { ...about, format: 1 },
    { ...about, count: 0 },
    { ...about, roles: [{ ...about.roles[0], channels: 2 }] },
    { ...about, roles: [{ ...about.roles[0], extension: './../x' }] },
    { ...about, roles: [{ ...about.roles[0], kind: 'film' }] },
  ];
  for (const other of wrong) expect(samplesSchema.safeParse(other).success).toBe(false);
  expect(samplesSchema.safeParse(wrong[0]).error?.issues[0]?.message).toMatch(/ncn 0\.1/);
});
