import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { HostTensor, HostTensors } from '../engine/types.js';
import { fileSystemRefused, invalidSafetensors, invalidTensor } from '../errors/run.js';
import { replaceFile } from './atomic.js';
import { bytesOf, readHashed, toHostOrder, writeHashed } from './bytes.js';
import { duplicateKey, firstIssue, parseJson, type JsonValue } from './json.js';

export interface WrittenFile {
  readonly bytes: number;
  /** SHA-256 of the whole file, hex. */
  readonly sha256: string;
}

export interface SafetensorsContent {
  /** In the order of the file. */
  readonly tensors: Map<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** SHA-256 of the whole file, hex. */
  readonly sha256: string;
}

interface Layout {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The limit of the reference implementation. */
const maxHeaderBytes = 100_000_000;

const metadataKey = '__metadata__';
const metadataSchema = z.record(z.string(), z.string());
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/** Elements of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/**
 * Writes tensors in the safetensors format, sorted by name: the same tensors and metadata give
 * the same bytes. Replaces the file atomically and durably; the data is streamed and never
 * copied as a whole, so it must not change until the promise settles.
 *
 * @param replace how it gets to its place
 * @throws NcnError `NCN_RUN_INVALID_TENSOR` where shape and data disagree, and those of
 * {@link replaceFile}.
 */
export async function writeSafetensors(
  path: string,
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
  replace = replaceFile,
): Promise<WrittenFile> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const header = encodeHeader(sorted, metadata);
  return replace(path, async (file) => {
    const hash = createHash('sha256');
    let bytes = header.byteLength;
    await writeHashed(file, header, hash);
    for (const [, { data }] of sorted) {
      await writeHashed(file, bytesOf(data), hash);
      bytes += data.byteLength;
    }
    return { bytes, sha256: hash.digest('hex') };
  });
}

/**
 * Reads a safetensors file, bit for bit, after checking all of its structure.
 *
 * @throws NcnError `NCN_RUN_SAFETENSORS` saying what is wrong with it, and `NCN_RUN_MISSING`,
 * `NCN_RUN_PERMISSION`, … where it cannot be read.
 */
export async function readSafetensors(path: string): Promise<SafetensorsContent> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    const hash = createHash('sha256');
    const truncated = (): Error => invalidSafetensors(path, 'it became shorter while being read');

    if (size < 8)
      throw invalidSafetensors(
        path,
        `it has ${size} bytes; the first 8 tell the length of the header`,
      );
    const prefix = Buffer.alloc(8);
    if (!(await readHashed(file, prefix, 0, hash))) throw truncated();
    const headerBytes = prefix.readBigUInt64LE();
    if (headerBytes > maxHeaderBytes || headerBytes > size - 8) {
      throw invalidSafetensors(
        path,
        `its header should have ${headerBytes} bytes, the file has ${size}`,
      );
    }
    const header = Buffer.alloc(Number(headerBytes));
    if (!(await readHashed(file, header, 8, hash))) throw truncated();
    const start = 8 + header.byteLength;
    const { layouts, metadata } = decodeHeader(path, header, size - start);

    const tensors = new Map<string, HostTensor>();
    for (const { name, shape, begin, end } of layouts) {
      const data = new Float32Array((end - begin) / 4);
      const target = new Uint8Array(data.buffer);
      if (!(await readHashed(file, target, start + begin, hash))) throw truncated();
      toHostOrder(data);
      tensors.set(name, { shape, data });
    }
    return { tensors, metadata, sha256: hash.digest('hex') };
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  } finally {
    await file?.close();
  }
}

/** The length and the header, padded so that the data is aligned to 8 bytes. */
function encodeHeader(
  sorted: readonly (readonly [string, HostTensor])[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  // Built by hand: an object would move names that look like integers to the front.
  const members: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
    members.push(`"${metadataKey}":{${pairs.join(',')}}`);
  }
  let at = 0;
  for (const [name, { shape, data }] of sorted) {
    if (name === metadataKey) throw invalidTensor(name, 'the format reserves this name');
    if (sizeOf(shape) !== data.length) {
      throw invalidTensor(
        name,
        `it has ${data.length} elements, its shape is [${shape.join(', ')}]`,
      );
    }
    const end = at + data.byteLength;
    members.push(
      `${JSON.stringify(name)}:{"dtype":"F32","shape":[${shape.join(',')}],"data_offsets":[${at},${end}]}`,
    );
    at = end;
  }
  const json = Buffer.from(`{${members.join(',')}}`);
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  json.copy(header, 8);
  return header;
}

function decodeHeader(
  path: string,
  header: Buffer,
  dataBytes: number,
): { layouts: Layout[]; metadata: Record<string, string> } {
  const bad = (what: string, cause?: unknown): Error => invalidSafetensors(path, what, cause);
  let text: string;
  let value: JsonValue;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    value = parseJson(text);
  } catch (error) {
    throw bad('its header is not JSON', error);
  }
  // The format demands that nothing precedes the object.
  if (!text.startsWith('{')) throw bad('its header is not a JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw bad(`'${twice}' occurs twice in its header`);

  let metadata: Record<string, string> = {};
  const layouts: Layout[] = [];
  for (const [name, entry] of Object.entries(value ?? {})) {
    if (name === metadataKey) {
      const parsed = metadataSchema.safeParse(entry);
      if (!parsed.success) throw bad(`its metadata is wrong: ${firstIssue(parsed.error)}`);
      metadata = parsed.data;
      continue;
    }
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) throw bad(`the entry of '${name}' is wrong: ${firstIssue(parsed.error)}`);
    const { dtype, shape, data_offsets } = parsed.data;
    const [begin, end] = data_offsets;
    if (dtype !== 'F32') throw bad(`'${name}' is ${dtype}; only F32 can be read`);
    if (sizeOf(shape) * 4 !== end - begin) {
      throw bad(`'${name}' of shape [${shape.join(', ')}] has ${end - begin} bytes`);
    }
    layouts.push({ name, shape, begin, end });
  }

  layouts.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of layouts) {
    if (begin !== at) throw bad(`'${name}' begins at byte ${begin} of the data, not at ${at}`);
    at = end;
  }
  if (at !== dataBytes) throw bad(`its header describes ${at} bytes of data, it has ${dataBytes}`);
  return { layouts, metadata };
}
