import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import crc from 'crc-32';
import { loadConfigFile } from '../../core/experiment/config-file.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import { parseOverride } from '../../core/experiment/override.js';
import { savedConfigSchema } from '../../core/experiment/saved.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import type { RandomSequence } from '../../core/random/streams.js';
import { readEvents } from '../../core/run/eventlog.js';
import { readJsonFile } from '../../core/run/json-file.js';
import { manifestSchema } from '../../core/run/manifest.js';
import { readSafetensors, writeSafetensors } from '../../core/run/safetensors.js';
import { matchPresets } from '../../lab/sweep/matrix.js';
import { ledgerFile, readLedger } from '../../lab/sweep/ledger.js';
import { parseAxis, parseSeeds } from '../../lab/sweep/values.js';
import { frameRecord, readRecords } from '../../lab/tensorboard/records.js';
import { readNpy } from '../../media/arrays/npy.js';
import { readNpz } from '../../media/arrays/provider.js';
import { decodePicture, encodeRaster } from '../../media/figures/png.js';
import { readIdxImages } from '../../media/image/data/idx.js';
import { decodeAudio } from '../../media/sound/decode.js';
import { writeWav } from '../../media/sound/wav.js';
import { anyText, mutateBytes, mutateText, pick } from './mutate.js';
import { npyFile, zipFile } from './zip-file.js';

/** Something that reads what it is given, and throws an NcnError for what it cannot. */
export interface Target {
  /** Share of all inputs. */
  readonly share: number;
  readonly feed: (random: RandomSequence, index: number) => Promise<unknown>;
}

const fixtures = resolve(import.meta.dirname, '../../../test/media/audio/fixtures');

/** Every reader and parser of ncn that takes files or texts of others. @param folder for files */
export async function readers(folder: string): Promise<ReadonlyMap<string, Target>> {
  const file = join(folder, 'input');
  const fromFile = (
    share: number,
    valid: readonly [Uint8Array, ...Uint8Array[]],
    read: (path: string) => Promise<unknown>,
    path = file,
  ): Target => ({
    share,
    feed: async (random) => {
      await writeFile(path, mutateBytes(random, pick(random, valid)));
      return read(path);
    },
  });
  const fromText = (share: number, read: (text: string) => unknown): Target => ({
    share,
    feed: (random) => Promise.resolve(read(anyText(random))),
  });
  const idx = idxFile(5, 4, 3);
  const pictures = samplePictures();
  const sounds = await sampleSounds();
  const library = await PresetLibrary.load();
  const tensors = join(folder, 'valid.safetensors');
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  await writeSafetensors(tensors, new Map([['a.b', { shape: [2, 3], data }]]), { seed: '1' });
  return new Map<string, Target>([
    ['idx', fromFile(8, [idx], readIdxImages)],
    [
      'gzip',
      fromFile(
        8,
        [gzipSync(idx), gzipSync(Buffer.concat([idx, Buffer.alloc(1 << 26)]))],
        readIdxImages,
      ),
    ],
    [
      'png',
      {
        share: 20,
        feed: async (random) => {
          const changed = mutateBytes(random, pick(random, pictures));
          const bytes = random.below(4) === 0 ? changed : withChecksums(changed);
          const wanted = random.below(2) === 0 ? undefined : { width: 5, height: 4 };
          return Promise.resolve(decodePicture(bytes, 'input', pick(random, [1, 3]), wanted));
        },
      },
    ],
    [
      'sound',
      {
        share: 10,
        feed: (random) => decodeAudio(mutateBytes(random, pick(random, sounds)), 'input'),
      },
    ],
    [
      'npy',
      {
        share: 6,
        feed: (random) => Promise.resolve(readNpy(mutateBytes(random, npy), 'input')),
      },
    ],
    [
      'npz',
      {
        share: 6,
        feed: (random) =>
          Promise.resolve(readNpz(mutateBytes(random, pick(random, archives)), 'input')),
      },
    ],
    ['safetensors', fromFile(10, [await readFile(tensors)], readSafetensors)],
    [
      'events',
      {
        share: 6,
        feed: (random) =>
          Promise.resolve([
            ...readRecords(
              mutateBytes(
                random,
                Buffer.concat([
                  frameRecord(Buffer.from(data.buffer)),
                  frameRecord(Buffer.from('ab')),
                ]),
              ),
            ),
          ]),
      },
    ],
    ['metrics', fromFile(6, [Buffer.from(metricsText)], drain)],
    [
      'ledger',
      fromFile(6, [Buffer.from(ledgerText)], () => readLedger(folder), join(folder, ledgerFile)),
    ],
    [
      'configuration',
      {
        share: 8,
        feed: async (random) => {
          await writeFile(join(folder, 'ncn.config.json'), mutateText(random, configText));
          return loadConfigFile(folder);
        },
      },
    ],
    [
      'saved',
      fromFile(6, [Buffer.from(savedText)], async (path) => {
        await readJsonFile(path, savedConfigSchema).catch(onlyRefusals);
        return readJsonFile(path, manifestSchema);
      }),
    ],
    ['overrides', fromText(6, (text) => parseOverride(`loss.weight=${text}`))],
    ['axes', fromText(3, (text) => parseAxis(`loss.weight=${text}`))],
    ['seeds', fromText(3, parseSeeds)],
    ['patterns', fromText(2, (text) => matchPresets(text.split(','), library))],
    [
      'plugins',
      {
        share: 1,
        feed: async (random, index) => {
          const path = join(folder, `plugin-${index}.mjs`);
          await writeFile(path, mutateText(random, pluginText));
          return new PluginLoader(folder).load(path);
        },
      },
    ],
  ]);
}

async function drain(path: string): Promise<number> {
  let count = 0;
  for await (const event of readEvents(path)) count += Object.keys(event).length;
  return count;
}

function onlyRefusals(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'NcnError') throw error;
}

function idxFile(count: number, height: number, width: number): Buffer {
  const bytes = Buffer.alloc(16 + count * height * width, 7);
  [0x803, count, height, width].forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
  return bytes;
}

function samplePictures(): readonly [Buffer, ...Buffer[]] {
  const raster = (channels: 1 | 3) =>
    encodeRaster({
      ...{ width: 5, height: 4, channels },
      data: Uint8Array.from({ length: 20 * channels }, (_, i) => i * 3),
    });
  return [raster(1), raster(3)];
}

/** A PNG with right checksums, so that what lies behind them is reached. */
function withChecksums(bytes: Buffer): Buffer {
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeInt32BE(crc.buf(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return bytes;
}

async function sampleSounds(): Promise<readonly [Buffer, ...Buffer[]]> {
  const wave = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i / 3));
  const names = ['alaw.wav', 'extensible.wav', 'float.wav', 'opus.ogg', ...compressed];
  const found = await Promise.all(
    names.map((name) => readFile(join(fixtures, name)).catch(() => Buffer.from(name))),
  );
  return [
    Buffer.from(writeWav([wave], 8000, { bits: 16 })),
    ...found.map((b) => b.subarray(0, 20_000)),
  ];
}

const compressed = ['tones.flac', 'tones.ogg', 'tones.mp3'];

const npy = npyFile('<f4', '(2, 3)', Buffer.alloc(24, 1));

/** An honest archive, and one that unpacks to 64 MiB. */
const archives = [
  zipFile([
    { name: 'train_image.npy', content: npy },
    { name: 'test_image.npy', content: npyFile('|u1', '(2, 3)', Buffer.alloc(6, 9)) },
  ]),
  zipFile([{ name: 'train_image.npy', content: Buffer.concat([npy, Buffer.alloc(1 << 26)]) }]),
] as const;

const time = '2026-01-01T00:00:00.000Z';

const lines = (events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

const metricsText = lines([
  { kind: 'phase', phase: 'main', update: 0 },
  { kind: 'metrics', update: 1, values: { 'generator/loss': 0.5, 'scalar/learningRate': 1e-4 } },
  { kind: 'evaluation', name: 'test', update: 2, metrics: { psnr: 12.5 } },
]);

const request = {
  ...{ preset: 'dcnn_v1', seed: 1, profile: null, variant: null },
  ...{ plugins: [], without: [], set: [['updates', 8]] },
};

const ledgerText = lines([
  { type: 'sweep', time, format: 1 },
  { type: 'job', time, number: 1, name: '0001-dcnn_v1-1', request, updates: 8, work: 1e6 },
  ...[
    {
      type: 'started',
      time,
      number: 1,
      launcher: 'local',
      handle: 7,
      resumed: false,
      device: null,
    },
  ],
  { type: 'heartbeat', time, running: { 1: 4 } },
  { type: 'done', time, number: 1 },
]);

const configText = JSON.stringify({
  preset: 'dcnn_v1',
  profile: 'quick',
  plugins: ['loss.content', { plugin: 'metrics', options: { every: 2 } }],
  set: { 'loss.content.weight': { schedule: 'step', from: 1, to: 2, at: 3 }, updates: 8 },
});

const savedText = JSON.stringify({
  ...{ format: 1, preset: 'dcnn_v1', profile: 'quick', variant: null },
  plugins: [{ name: 'loss.content', version: '1.0.0', spec: 'loss.content' }],
  values: [{ path: 'seed', value: 1, origin: 'default', type: 'integer', description: 'seed' }],
});

const pluginText = `import { definePlugin, z } from 'ncn';
export default definePlugin({
  name: 'test.fuzzed', version: '1.0.0', summary: 'for tests', requires: [], conflicts: [],
  options: z.strictObject({ weight: z.number().default(1) }),
  setup({ hooks, options }) { hooks.runEnd.tap(() => options.weight); },
});
`;
