import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { RandomStreams } from '../../core/random/streams.js';
import { openRun } from '../../core/index.js';
import { readWav, writeWav } from '../../media/sound/wav.js';
import { inHost } from './host.js';
import { temporary } from './support.js';

const root = resolve(import.meta.dirname, '../..');
const model = join(root, 'models/speech-small');
const names = ['input', 'reference', 'cancelled'] as const;
/** What a file may be called, and a URL or a text of a program not everywhere. */
const program = process.platform === 'win32' ? "it's #1, 50%" : 'it\'s "net" #1, 50%';
const length = 40 * 256;
const scale = 32_768;

let folder: string;
/** Exactly representable in 16 bits. */
let signals: Record<(typeof names)[number], Float32Array>;
let expected: Float32Array;

beforeAll(async () => {
  folder = temporary();
  const random = new RandomStreams(4);
  const noise = (name: string): Float32Array =>
    random
      .at(name)
      .fillUniform(new Float32Array(length), -0.3, 0.3)
      .map((value) => Math.round(value * scale) / scale);
  signals = {
    input: noise('input'),
    reference: noise('reference'),
    cancelled: noise('cancelled'),
  };
  for (const name of names) {
    writeFileSync(join(folder, `${name}.wav`), writeWav([signals[name]], 16_000, { bits: 16 }));
  }
  const run = await openRun(model);
  const stream = await run.stream();
  const whole = new Float32Array(length + stream.latency);
  for (let at = 0; at < whole.length; at += stream.hop) {
    const piece = (x: Float32Array): Float32Array => {
      const padded = new Float32Array(stream.hop);
      padded.set(x.subarray(at, at + stream.hop));
      return padded;
    };
    const pieces = Object.fromEntries(names.map((name) => [name, piece(signals[name])]));
    whole.set(await stream.push(pieces), at);
  }
  expected = whole.subarray(stream.latency);
  await stream.close();
  await run.close();
  const exported = await inHost([
    'export',
    model,
    '--output',
    join(folder, `${program}.onnx`),
    '--json',
  ]);
  expect(exported.code, exported.stderr).toBe(0);
  expect(JSON.parse(exported.stdout)).toMatchObject({ checked: '24 random pieces' });
}, 120_000);

function expectOutput(): void {
  const path = join(folder, 'out.wav');
  const got = readWav(readFileSync(path), path).channels[0] ?? new Float32Array();
  expect(got.length).toBe(length);
  const greatest = got.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))),
    0,
  );
  // Half a step of 16 bits, and what the order of sums makes.
  expect(greatest).toBeLessThan(1e-4);
  expect(Math.max(...expected)).toBeGreaterThan(0.01);
}

/** Programs of which one input has another rate say so, and write nothing. */
function expectRefusal(command: string, path: string): void {
  const other = join(folder, 'other.wav');
  writeFileSync(other, writeWav([signals.reference], 8_000, { bits: 16 }));
  const unwritten = join(folder, 'unwritten.wav');
  const [input = '', , cancelled = ''] = files();
  const run = spawnSync(command, [path, input, other, cancelled, unwritten], { encoding: 'utf8' });
  expect(run.status).toBe(1);
  expect(run.stderr.trim()).toBe(
    'files of one sampling rate were expected, not of 16000, 8000, 16000',
  );
  expect(existsSync(unwritten)).toBe(false);
}

const files = (): string[] => [...names, 'out'].map((name) => join(folder, `${name}.wav`));

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy, onnxruntime']).status === 0,
);
if (python === undefined) {
  console.log('A test of the exported Python program is skipped: no Python has ONNX Runtime.');
}

test.skipIf(python === undefined)('the Python program gives what the engine gives', () => {
  const run = spawnSync(python ?? '', [join(folder, `${program}.py`), ...files()], {
    encoding: 'utf8',
  });
  expect(run.status, run.stderr).toBe(0);
  expectOutput();
  expectRefusal(python ?? '', join(folder, `${program}.py`));
});

const node = existsSync(join(root, 'node_modules/onnxruntime-node'));
if (!node) {
  console.log(
    'A test of the exported JavaScript program is skipped: onnxruntime-node is not there.',
  );
}

test.skipIf(!node)('the JavaScript program gives what the engine gives', () => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, `${program}.mjs`);
  const run = spawnSync(process.execPath, [path, ...files()], { encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  expectOutput();
  expectRefusal(process.execPath, path);
});

test('what is shipped is small, says nothing of the machine, and can be packed again', async () => {
  const manifest = readFileSync(join(model, 'manifest.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ commandLine: [], environment: {} });
  expect(readFileSync(join(model, 'config.json'), 'utf8')).not.toMatch(/"\/[a-z]+\//);
  const again = join(folder, 'again');
  const packed = await inHost(['export', model, '--format', 'run', '--output', again, '--json']);
  expect(packed.code, packed.stderr).toBe(0);
  const { bytes } = JSON.parse(packed.stdout) as { bytes: number };
  expect(bytes).toBeLessThan(2.5e6);
  const full = await inHost(['export', model, '--format', 'run', '--output', again]);
  expect(full.code).toBe(2);
  expect(full.stderr).toContain('is not empty');
});

test('a program beside the model is replaced where ncn wrote it, and stays where not', async () => {
  const [output, own, other] = ['onnx', 'py', 'mjs'].map((end) => join(folder, `beside.${end}`));
  if (output === undefined || own === undefined || other === undefined) throw new Error('paths');
  writeFileSync(own, 'print("mine")\n');
  writeFileSync(other, '// Runs an older.onnx piece by piece on WAV files of 16 bits.\n');
  const { code, stdout, stderr } = await inHost(['export', model, '-o', output, '--json']);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ programs: [other], kept: [own] });
  expect(readFileSync(own, 'utf8')).toBe('print("mine")\n');
  expect(readFileSync(other, 'utf8')).toContain('Runs beside.onnx');
});
