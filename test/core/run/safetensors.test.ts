import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messageOf } from '../../../core/errors/error.js';
import type { HostTensor } from '../../../core/engine/types.js';
import { readSafetensors, writeSafetensors } from '../../../core/run/safetensors.js';
import { refusal, scratch } from './helpers.js';

const directory = await scratch();

/** Values that careless code changes: quiet and signalling NaNs with payloads, −0, denormals. */
const awkward = new Float32Array(
  Uint32Array.of(0x7fc00000, 0x7f800001, 0xffc12345, 0x80000000, 0x00000001, 0x807fffff, 0xff800000)
    .buffer,
);

function bits({ shape, data }: HostTensor): unknown {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { shape, bytes: bytes.toString('base64') };
}

function bitsOf(tensors: ReadonlyMap<string, HostTensor>): unknown {
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, bits(tensor)]));
}

const tensors = new Map<string, HostTensor>([
  ['generator/conv1/kernel', { shape: [1, 7, 1, 1], data: awkward }],
  ['generator/conv1/bias', { shape: [2], data: new Float32Array([9, 1, 2, 9]).subarray(1, 3) }],
  ['10', { shape: [], data: Float32Array.of(3) }],
  ['9', { shape: [0, 4], data: new Float32Array(0) }],
  ['ünï "quoted"/名', { shape: [1_500_000], data: new Float32Array(1_500_000).fill(0.1) }],
]);

test('a round trip keeps every bit, whatever the view and the size', async () => {
  const path = join(directory, 'all.safetensors');
  const written = await writeSafetensors(path, tensors, { update: '7', author: 'a "b"' });
  const content = await readSafetensors(path);
  expect(bitsOf(content.tensors)).toEqual(bitsOf(tensors));
  expect(content.metadata).toEqual({ update: '7', author: 'a "b"' });

  const file = await readFile(path);
  const sha256 = createHash('sha256').update(file).digest('hex');
  expect(written).toEqual({ bytes: file.byteLength, sha256 });
  expect(content.sha256).toBe(sha256);
  expect(Number(file.readBigUInt64LE()) % 8).toBe(0);
});

test('the order of the map does not matter; names are sorted', async () => {
  const [one, other] = [join(directory, 'one'), join(directory, 'other')];
  const a = await writeSafetensors(one, tensors);
  const b = await writeSafetensors(other, new Map([...tensors].reverse()));
  expect(a).toEqual(b);
  expect([...(await readSafetensors(one)).tensors.keys()]).toEqual([...tensors.keys()].sort());
});

test('no tensors at all is a valid file', async () => {
  const path = join(directory, 'none');
  await writeSafetensors(path, new Map());
  expect(await readSafetensors(path)).toMatchObject({ tensors: new Map(), metadata: {} });
});

test.each<[string, HostTensor]>([
  ['a', { shape: [2, 2], data: new Float32Array(3) }],
  ['__metadata__', { shape: [1], data: new Float32Array(1) }],
])('tensor %s is refused and nothing is left behind', async (name, tensor) => {
  const path = join(directory, 'refused');
  const error = await refusal(() => writeSafetensors(path, new Map([[name, tensor]])));
  expect(error.code).toBe('NCN_RUN_INVALID_TENSOR');
  expect((await refusal(() => readSafetensors(path))).code).toBe('NCN_RUN_MISSING');
});

function file(header: string, dataBytes: number, length = Buffer.byteLength(header)): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(dataBytes)]);
}
const entry = (shape: string, offsets: string, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

test.each<[string, Buffer, string]>([
  ['empty', Buffer.alloc(0), 'it has 0 bytes'],
  ['header too long', file('{}', 0, 3), 'its header should have 3 bytes'],
  ['absurd header length', Buffer.alloc(64, 0xff), 'its header should have'],
  ['not JSON', file('{"a":', 0), 'its header is not JSON'],
  ['not UTF-8', Buffer.concat([file('', 0, 3), Buffer.from([0x22, 0xff, 0x22])]), 'not JSON'],
  ['not an object', file('[]', 0), 'not a JSON object'],
  ['leading space', file(' {}', 0), 'not a JSON object'],
  ['twice', file(`{"a":${entry('[1]', '[0,4]')},"a":${entry('[1]', '[0,4]')}}`, 4), 'occurs twice'],
  ['half precision', file(`{"a":${entry('[2]', '[0,4]', 'F16')}}`, 4), 'is F16; only F32'],
  ['shape and size', file(`{"a":${entry('[2]', '[0,4]')}}`, 4), 'shape [2] has 4 bytes'],
  ['negative shape', file(`{"a":${entry('[-1]', '[0,4]')}}`, 4), "'shape.0'"],
  ['offsets reversed', file(`{"a":${entry('[1]', '[4,0]')}}`, 4), 'shape [1] has -4 bytes'],
  ['gap at the start', file(`{"a":${entry('[1]', '[4,8]')}}`, 8), 'begins at byte 4'],
  [
    'overlap',
    file(`{"a":${entry('[2]', '[0,8]')},"b":${entry('[1]', '[4,8]')}}`, 8),
    "'b' begins at byte 4 of the data, not at 8",
  ],
  ['data missing', file(`{"a":${entry('[1]', '[0,4]')}}`, 3), '4 bytes of data, it has 3'],
  ['data left over', file(`{"a":${entry('[1]', '[0,4]')}}`, 5), '4 bytes of data, it has 5'],
  ['unknown field', file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}', 4), 'x'],
  ['metadata', file('{"__metadata__":{"a":1}}', 0), 'its metadata is wrong'],
])('a file is refused: %s', async (_, content, message) => {
  const path = join(directory, 'bad.safetensors');
  await writeFile(path, content);
  const error = await refusal(() => readSafetensors(path));
  expect(error.code).toBe('NCN_RUN_SAFETENSORS');
  expect(error.message).toContain(message);
});

test("Python's safetensors reads our files and writes files that we read", async ({ skip }) => {
  const python = (code: string, ...args: string[]): string =>
    execFileSync('python3', ['-c', code, ...args], { encoding: 'utf8', stdio: 'pipe' });
  try {
    python('import safetensors.numpy');
  } catch (error) {
    const reason = `not compared with Python: ${messageOf(error).trim().split('\n').at(-1) ?? ''}`;
    console.warn(reason);
    return skip(reason);
  }
  const [ours, theirs] = [join(directory, 'ours'), join(directory, 'theirs')];
  await writeSafetensors(ours, tensors, { update: '7' });
  const seen = python(
    `
import sys, safetensors, safetensors.numpy as st
with safetensors.safe_open(sys.argv[1], framework='np') as f:
    assert f.metadata() == {'update': '7'}, f.metadata()
loaded = st.load_file(sys.argv[1])
st.save_file(loaded, sys.argv[2], metadata={'from': 'python'})
print(sorted((name, list(a.shape), str(a.dtype)) for name, a in loaded.items()))
`,
    ours,
    theirs,
  );
  expect(seen).toContain("('generator/conv1/kernel', [1, 7, 1, 1], 'float32')");
  const back = await readSafetensors(theirs);
  expect(back.metadata).toEqual({ from: 'python' });
  expect(bitsOf(back.tensors)).toEqual(bitsOf(tensors));
});
