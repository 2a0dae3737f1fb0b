import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messageOf } from '../../core/errors/error.js';
import { inHost } from './host.js';
import { contents, jsonLines, ncn, temporary, tinyIdx, tinyRun } from './support.js';

const run = join(temporary(), 'run');
const data = tinyIdx();
const trained = ncn(tinyRun(data, run, '--quiet'));

async function exported(...more: string[]): Promise<Record<string, unknown>> {
  expect((await trained).code).toBe(0);
  const { code, stdout, stderr } = await inHost(['export', run, '--json', ...more]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return jsonLines(stdout).at(-1) ?? {};
}

test('a generator is exported, and agrees with the engine', async () => {
  const result = await exported();
  const file = join(run, 'exports', 'generator-16.onnx');
  expect(result).toMatchObject({
    output: file,
    update: 16,
    engine: 'wasm',
    checked: '20 test examples',
  });
  expect(result['difference']).toBeLessThan(1e-4);
  expect(result['bytes']).toBe(readFileSync(file).byteLength);
  const before = contents(run);
  await exported();
  expect(contents(run)).toEqual(before);
});

test('a packed run names no folder of this machine, and is used with data that are named', async () => {
  const packed = join(temporary(), 'packed');
  await exported('--format', 'run', '--output', packed);
  for (const name of ['config.json', 'manifest.json']) {
    const text = readFileSync(join(packed, name), 'utf8');
    expect(text).not.toContain(data);
    expect(text).not.toContain(run);
  }
  const args = ['export', packed, '--json', '--output', join(packed, 'model.onnx')];
  const alone = await inHost(args);
  expect(alone.code).not.toBe(0);
  expect(alone.stdout + alone.stderr).toMatch(/idx:DIR/);
  const { code, stderr } = await inHost([...args, '--dataset', `idx:${data}`]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('an export works in plain ONNX Runtime, from Python', async ({ skip }) => {
  const python = (code: string, ...args: string[]): string =>
    execFileSync('python3', ['-c', code, ...args], { encoding: 'utf8', stdio: 'pipe' });
  try {
    python('import onnx, onnxruntime, numpy');
  } catch (error) {
    const reason = `not loaded in Python: ${messageOf(error).trim().split('\n').at(-1) ?? ''}`;
    console.warn(reason);
    return skip(reason);
  }
  const file = join(temporary(), 'there', 'model.onnx');
  await exported('--output', file);
  const seen = python(
    `
import sys, numpy as np, onnx, onnxruntime
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
print({o.domain for o in model.opset_import}, {p.key: p.value for p in model.metadata_props}['preset'])
session = onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])
for batch in (1, 3):
    images = np.linspace(0, 1, batch * 784, dtype=np.float32).reshape(batch, 28, 28, 1)
    [out] = session.run(None, {'input': images, 'reference': images[::-1]})
    assert out.shape == images.shape and out.dtype == np.float32, out
    assert np.isfinite(out).all() and 0 <= out.min() and out.max() <= 1 and out.std() > 0, out
`,
    file,
  );
  expect(seen).toContain("{''} dcgans_v7");
});

test('an unknown format, and a run without a checkpoint, are refused', async () => {
  expect((await trained).code).toBe(0);
  const unknown = await inHost(['export', run, '--format', 'onx']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/no export format 'onx'[^]*onnx/);
  const missing = await inHost(['export', join(run, 'nowhere')]);
  expect(missing.code).toBe(7);
});
