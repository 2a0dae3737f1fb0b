import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { histogramOf } from '../../../lab/tensorboard/histogram.js';
import {
  endOfRecords,
  frameRecord,
  maskedCrc,
  readRecords,
} from '../../../lab/tensorboard/records.js';
import { readTensorBoard, TensorBoardWriter } from '../../../lab/tensorboard/writer.js';

const temporaryFile = (): string => join(mkdtempSync(join(tmpdir(), 'ncn-tb-')), 'events');

test('the checksum is CRC-32C of RFC 3720, masked as in TFRecord files', () => {
  // Appendix B.4 of the RFC: 32 bytes of zeros, and 0 to 31.
  const unmask = (masked: number): number => {
    const rotated = (masked - 0xa282ead8) >>> 0;
    return ((rotated << 15) | (rotated >>> 17)) >>> 0;
  };
  expect(unmask(maskedCrc(new Uint8Array(32)))).toBe(0x8a9136aa);
  expect(unmask(maskedCrc(Uint8Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
});

test('records come back; a torn or a changed one ends the file', () => {
  const file = Buffer.concat([frameRecord(Buffer.from('one')), frameRecord(Buffer.from('two'))]);
  const texts = (bytes: Buffer): string[] =>
    [...readRecords(bytes)].map(({ data }) => String(data));
  expect(texts(file)).toEqual(['one', 'two']);
  for (let length = 0; length < file.length; length++) {
    expect(texts(file.subarray(0, length))).toEqual(length < 19 ? [] : ['one']);
  }
  for (let at = 0; at < 19; at++) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(texts(changed)).toEqual([]);
    // When the file is opened to go on, it hides nothing after it.
    expect(endOfRecords(Buffer.concat([changed, file.subarray(0, 25)]))).toBe(57);
  }
});

test('what is written can be read, whatever the numbers', async () => {
  const path = temporaryFile();
  const writer = await TensorBoardWriter.open(path, () => 12.5);
  writer.scalars(2 ** 40, [
    ['zero', 0],
    ['nan', NaN],
    ['infinite', -Infinity],
  ]);
  writer.text('note', 3, '**é**');
  writer.image('i', 4, { png: Buffer.from([1, 2]), width: 5, height: 6, channels: 1 });
  writer.hyperparameters({ a: 0, b: false, c: '' });
  await writer.close();
  const [first, scalars, text, image] = readTensorBoard(readFileSync(path));
  expect(first).toEqual({ wallTime: 12.5, fileVersion: 'brain.Event:2' });
  expect(scalars?.step).toBe(2 ** 40);
  expect(scalars?.summary?.value.map((v) => v.simpleValue)).toEqual([0, NaN, -Infinity]);
  expect(String(text?.summary?.value[0]?.tensor?.stringVal?.[0])).toBe('**é**');
  expect(image?.summary?.value[0]?.image).toMatchObject({ height: 6, width: 5, colorspace: 1 });
});

test('scalars carry what is known of them; sound is a WAV file', async () => {
  const path = temporaryFile();
  const writer = await TensorBoardWriter.open(path, () => 1);
  const about = { name: 'PSNR (dB)', description: 'PSNR (dB), higher is better' };
  writer.scalars(7, [
    ['test/psnr', 21.5, about],
    ['test/other', 1],
  ]);
  const wav = Buffer.from('RIFF');
  writer.audio('audio/output/0', 8, { wav, sampleRate: 16_000, channels: 1, frames: 4 });
  await writer.close();
  const [, scalars, sound] = readTensorBoard(readFileSync(path));
  expect(scalars?.summary?.value).toEqual([
    {
      tag: 'test/psnr',
      simpleValue: 21.5,
      metadata: {
        pluginData: { pluginName: 'scalars' },
        displayName: 'PSNR (dB)',
        summaryDescription: 'PSNR (dB), higher is better',
        dataClass: 1,
      },
    },
    { tag: 'test/other', simpleValue: 1 },
  ]);
  expect(sound?.summary?.value).toEqual([
    {
      tag: 'audio/output/0',
      metadata: {
        pluginData: { pluginName: 'audio', content: Buffer.of(0x10, 11) },
        dataClass: 3,
      },
      audio: {
        sampleRate: 16_000,
        numChannels: 1,
        lengthFrames: 4,
        encodedAudioString: wav,
        contentType: 'audio/wav',
      },
    },
  ]);
});

test('the new fields have the numbers of summary.proto', async () => {
  const path = temporaryFile();
  const writer = await TensorBoardWriter.open(path, () => 1);
  writer.audio('a', 1, { wav: Buffer.of(9), sampleRate: 2, channels: 1, frames: 3 });
  writer.scalars(1, [['b', 1, { name: 'n', description: 'd' }]]);
  await writer.close();
  const [, sound, scalar] = [...readRecords(readFileSync(path))].map(({ data }) =>
    data.toString('hex'),
  );
  // audio = 6: sample_rate = 1, num_channels = 2, length_frames = 3, the file = 4, its type = 5.
  const type = Buffer.from('audio/wav').toString('hex');
  expect(sound).toContain(`32170d0000004010011803220109` + `2a09${type}`);
  // metadata = 9: plugin_data = 1, display_name = 2, summary_description = 3, data_class = 4.
  const plugin = Buffer.from('scalars').toString('hex');
  expect(scalar).toContain(`4a130a090a07${plugin}12016e1a01642001`);
});

test('cutting back and writing again gives the same file; a torn record is cut off', async () => {
  const path = temporaryFile();
  const first = await TensorBoardWriter.open(path, () => 1);
  first.scalar('a', 1, 1);
  await first.flush();
  const { position } = first;
  first.scalar('a', 2, 2);
  first.histogram('h', 2, Float32Array.of(1, 2, 3));
  await first.close();
  const whole = readFileSync(path);
  appendFileSync(path, frameRecord(Buffer.from('torn')).subarray(0, 15));

  const second = await TensorBoardWriter.open(path, () => 2);
  expect(second.position).toBe(whole.length);
  expect(await second.truncateTo(position)).toBe(true);
  second.scalar('a', 2, 2);
  second.histogram('h', 2, Float32Array.of(1, 2, 3));
  await second.close();
  const timeless = (bytes: Buffer) =>
    [...readTensorBoard(bytes)].map((e) => ({ ...e, wallTime: 0 }));
  expect(timeless(readFileSync(path))).toEqual(timeless(whole));
  expect(statSync(path).size).toBe(whole.length);

  truncateSync(path, position - 1);
  const third = await TensorBoardWriter.open(path);
  expect(await third.truncateTo(position)).toBe(false);
  await third.close();
});

test('a histogram counts what is finite, and each value once', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 3);
  const histogram = histogramOf(Float32Array.from([...values, NaN, Infinity]));
  expect(histogram?.num).toBe(1000);
  expect(histogram?.min).toBe(Math.min(...values));
  expect(histogram?.max).toBe(Math.max(...values));
  const bucket = histogram?.bucket ?? [];
  const bucketLimit = histogram?.bucketLimit ?? [];
  expect(bucket.reduce((a, b) => a + b, 0)).toBe(1000);
  expect(bucketLimit.at(-1)).toBe(histogram?.max);
  bucketLimit.forEach((limit, i) => {
    const left = bucketLimit[i - 1] ?? -Infinity;
    // A value on an edge may be on either side of it: edges are rounded.
    const inside = values.filter((v) => v > left + 1e-6 && v < limit - 1e-6).length;
    const atMost = values.filter((v) => v >= left - 1e-6 && v <= limit + 1e-6).length;
    expect(bucket[i]).toBeGreaterThanOrEqual(inside);
    expect(bucket[i]).toBeLessThanOrEqual(atMost);
  });
  expect(histogramOf(new Float32Array(5))?.bucket).toEqual([0, 5]);
  expect(histogramOf(Float32Array.of(NaN))).toBeUndefined();
  // A sample of a long tensor: of each of 128 channels, about as many values.
  const long = histogramOf(Float32Array.from({ length: 2 ** 20 }, (_, i) => i % 128));
  expect(long?.num).toBeGreaterThan(100_000);
  expect(long?.num).toBeLessThanOrEqual(131_072);
  expect(long?.sum).toBeCloseTo(63.5 * (long?.num ?? 0), -4);
});

test('what is made later keeps its place and its time; what comes meanwhile comes after it', async () => {
  const path = temporaryFile();
  let time = 1;
  const writer = await TensorBoardWriter.open(path, () => time++);
  const [first, second] = [writer.hold(), writer.hold()];
  writer.text('after', 1, 'both');
  second.board.scalar('second', 2, 2);
  second.release();
  await writer.write();
  const tags = (): unknown[] =>
    [...readTensorBoard(readFileSync(path))].map(({ wallTime, summary }) => [
      wallTime,
      summary?.value[0]?.tag,
    ]);
  // The first place is not filled yet.
  expect(tags()).toEqual([[1, undefined]]);
  await expect(writer.flush()).rejects.toThrow(`a place in ${path} is held`);
  const whole = writer.position;
  first.board.scalar('first', 3, 3);
  first.release();
  expect(writer.position).toBeGreaterThan(whole);
  await writer.flush();
  expect(tags()).toEqual([
    [1, undefined],
    [2, 'first'],
    [3, 'second'],
    [4, 'after'],
  ]);
  expect(writer.position).toBe(statSync(path).size);
  // A run that fails before it was filled leaves what there is.
  writer.hold();
  writer.text('last', 4, 'kept');
  await writer.close();
  expect(tags().at(-1)).toEqual([6, 'last']);
});
