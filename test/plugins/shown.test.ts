import { PNG } from 'pngjs';
import { beforeAll, expect, test } from 'vitest';
import { readTensorBoard } from '../../lab/tensorboard/writer.js';
import { samplesSchema } from '../../lab/samples.js';
import { readWav } from '../../media/sound/wav.js';
import { colourTypeOf, countColour } from '../media/figures/support.js';
import { shownRun, type ShownRun } from './shown-run.js';

/** Everything that shows what is evaluated. */
const shown = [
  ['images'],
  ['samples'],
  ['filmstrip', { columns: 3 }],
  ['metrics', { every: 1 }],
  ['lossgraph'],
  ['tensorboard', { every: 1, histograms: false, graph: false }],
] as const;

let grey: ShownRun;
let resumed: ShownRun;
let colour: ShownRun;
let waves: ShownRun;

beforeAll(async () => {
  const image = { shape: [28, 28, 1], extra: { reference: [28, 28, 1] }, updates: 9 };
  const metrics = ['content', 'psnr', 'collapseRate'];
  const plugins = [['image.medium'], ['image.metrics', { metrics }], ...shown] as const;
  grey = await shownRun({ ...image, plugins });
  resumed = await shownRun({ ...image, plugins, interruptAfter: 5 });
  const small = { shape: [8, 16, 3], extra: { mask: [8, 16, 1], numbers: [3] } };
  colour = await shownRun({ ...small, plugins: [['image.medium'], ...shown] });
  const sound = { shape: [400, 1], extra: { numbers: [3] } };
  const wave = ['wave.medium', { sampleRate: 8000, range: [0, 1] }] as const;
  waves = await shownRun({ ...sound, plugins: [wave, ...shown] });
});

const sizeOf = async (run: ShownRun, ...file: string[]) => {
  const bytes = await run.read(...file);
  const { width, height } = PNG.sync.read(bytes);
  return { width, height, type: colourTypeOf(bytes) };
};

/** Tags with the steps at which they were written. */
async function tagsOf(run: ShownRun): Promise<Record<string, number[]>> {
  const tags: Record<string, number[]> = {};
  for (const { step = 0, summary } of readTensorBoard(await run.read('events.out.tfevents.ncn'))) {
    for (const { tag } of summary?.value ?? []) (tags[tag] ??= []).push(step);
  }
  return tags;
}

test('grids of each role once, of the output at each evaluation, and the figure', async () => {
  expect(await grey.files('images')).toEqual([
    'before-training.png',
    'figure.png',
    'filmstrip.png',
    'mixture.png',
    ...[0, 2, 4, 6, 8, 9].map((update) => `output-00000000${update}.png`),
    'reference.png',
    'target.png',
  ]);
  // Five examples in 3 columns; bar, caption, margins.
  const [width, height] = [3 * (112 + 6) - 6 + 52, 2 * (112 + 6) - 6 + 34];
  const single = { width: width + 32, height: height + 16 + 8, type: 0 };
  expect(await sizeOf(grey, 'images', 'target.png')).toEqual(single);
  const four = { width: 2 * (width + 16) + 16, height: 2 * (height + 8) + 16 + 30, type: 0 };
  expect(await sizeOf(grey, 'images', 'figure.png')).toEqual(four);
});

test('what was shown before a stop is part of what is shown in the end', async () => {
  expect([grey.stopped, resumed.stopped]).toEqual([false, true]);
  for (const folder of ['images', 'samples/fixed']) {
    const files = await grey.files(folder);
    expect(await resumed.files(folder)).toEqual(files);
    for (const file of files) {
      const same = (await resumed.read(folder, file)).equals(await grey.read(folder, file));
      expect(same, `${folder}/${file}`).toBe(true);
    }
  }
  expect((await resumed.read('losses.png')).equals(await grey.read('losses.png'))).toBe(true);
  expect(await tagsOf(resumed)).toEqual(await tagsOf(grey));
});

test('a film strip: the input, the output at some updates, the ground truth', async () => {
  // Of the updates 0, 2, 4, 6 and 8 every other one, and the last.
  const { width, height } = await sizeOf(grey, 'images', 'filmstrip.png');
  expect(height).toBe(16 + 34 + 5 * (56 + 4) - 4 + 22 + 8);
  // Six columns of at least 56, one or two captions of which are wider.
  expect(width).toBeGreaterThanOrEqual(6 * 60 - 4 + 32);
  expect(width).toBeLessThan(7 * 60 - 4 + 32);
});

test('colour stays colour, a grey role grey; what no medium fits is named once', async () => {
  expect(colour.log.filter((line) => line.includes('is not shown'))).toEqual([
    "'numbers' is not shown: no medium fits its shape [3]; plugins offer media in the hook 'media'",
  ]);
  const columns = 3;
  expect(await sizeOf(colour, 'samples', 'fixed', 'output-000000004.png')).toEqual({
    ...{ width: 16 * columns, height: 8 * 2 },
    type: 2,
  });
  expect(await sizeOf(colour, 'samples', 'fixed', 'mask.png')).toMatchObject({ type: 0 });
  const types = await Promise.all(
    ['figure', 'mixture', 'mask'].map(async (name) => sizeOf(colour, 'images', `${name}.png`)),
  );
  expect(types.map(({ type }) => type)).toEqual([2, 2, 0]);
  const about = samplesSchema.parse(
    JSON.parse(String(await colour.read('samples/fixed/samples.json'))),
  );
  expect(about).toMatchObject({ count: 5, columns, output: 'output' });
  expect(about.roles.map(({ role, kind, channels }) => [role, kind, channels])).toEqual([
    ['mixture', 'picture', 3],
    ['mask', 'picture', 1],
    ['target', 'picture', 3],
    ['output', 'picture', 3],
  ]);
});

test('samples of sound: sheets of plots, and a file of each example', async () => {
  const about = samplesSchema.parse(
    JSON.parse(String(await waves.read('samples/fixed/samples.json'))),
  );
  expect(about.roles).toEqual(
    [
      ['mixture', 'mixture'],
      ['target', 'ground truth'],
      ['output', 'output'],
    ].map(([role, label]) => ({
      ...{ role, label, medium: 'wave', kind: 'player', mime: 'audio/wav', extension: '.wav' },
      ...{ width: 240, height: 80, channels: 1 },
    })),
  );
  const five = (name: string): string[] => [
    ...[0, 1, 2, 3, 4].map((i) => `${name}-${i}.wav`),
    `${name}.png`,
  ];
  expect(await waves.files('samples/fixed')).toEqual([
    ...five('mixture'),
    ...['0', '2', '4'].flatMap((update) => five(`output-00000000${update}`)),
    'samples.json',
    ...five('target'),
  ]);
  expect(await sizeOf(waves, 'samples', 'fixed', 'target.png')).toEqual({
    ...{ width: 3 * 240, height: 2 * 80 },
    type: 0,
  });
  const read = async (name: string) => readWav(await waves.read('samples', 'fixed', name), name);
  const [target, mixture] = [await read('target-3.wav'), await read('mixture-3.wav')];
  expect(target.rate).toBe(8000);
  expect(mixture.channels[0]).toEqual(target.channels[0]?.map((value) => value / 2));
  // Before training the network multiplies by one.
  expect((await read('output-000000000-3.wav')).channels).toEqual(mixture.channels);
});

test('TensorBoard has pictures of each role once, of the output and its error every time', async () => {
  const [images, sound] = [await tagsOf(colour), await tagsOf(waves)];
  const starting = (tags: Record<string, number[]>, with_: string) =>
    Object.fromEntries(Object.entries(tags).filter(([tag]) => tag.startsWith(with_)));
  const [first, all] = [[0], [0, 2, 4]];
  expect(starting(images, 'images/')).toEqual({
    'images/mixture': first,
    'images/mask': first,
    'images/ground_truth': first,
    'images/output': all,
    'images/error': all,
  });
  expect(starting(images, 'audio/')).toEqual({});
  expect(starting(sound, 'audio/')).toEqual(
    Object.fromEntries(
      [0, 1, 2].flatMap((i) => [
        [`audio/mixture/${i}`, first],
        [`audio/ground_truth/${i}`, first],
        [`audio/output/${i}`, all],
      ]),
    ),
  );
  for (const { step, summary } of readTensorBoard(await waves.read('events.out.tfevents.ncn'))) {
    const [value] = summary?.value ?? [];
    if (value?.tag !== 'audio/output/2' || step !== 4) continue;
    const { encodedAudioString, ...about } = value.audio ?? { encodedAudioString: Buffer.of() };
    expect(about).toEqual({
      ...{ sampleRate: 8000, numChannels: 1, lengthFrames: 400 },
      contentType: 'audio/wav',
    });
    const file = await waves.read('samples/fixed/output-000000004-2.wav');
    expect(Buffer.from(encodedAudioString).equals(file)).toBe(true);
    return;
  }
  expect.fail('there is no audio/output/2 at update 4');
});

test('TensorBoard knows label, unit and direction of metrics; their tags stay', async () => {
  const about = new Map<string, unknown>();
  for (const { summary } of readTensorBoard(await grey.read('events.out.tfevents.ncn'))) {
    for (const { tag, metadata, simpleValue } of summary?.value ?? []) {
      if (simpleValue === undefined) continue;
      about.set(tag, metadata && [metadata.displayName, metadata.summaryDescription]);
    }
  }
  for (const evaluation of ['fixed', 'test']) {
    expect(about.get(`${evaluation}/psnr`)).toEqual(['PSNR (dB)', 'PSNR (dB), higher is better']);
    expect(about.get(`${evaluation}/content`)).toEqual([
      'Content error',
      'Content error, lower is better',
    ]);
  }
  expect(about.has('loss/net/content')).toBe(true);
  expect(about.get('loss/net/content')).toBeUndefined();
});

test('the loss graph has each loss, and the main metric where less of it is better', async () => {
  const [first, second] = [
    [0x00, 0x72, 0xb2],
    [0xd5, 0x5e, 0x00],
  ] as const;
  const [withMetric, without] = [await grey.read('losses.png'), await waves.read('losses.png')];
  expect(countColour(withMetric, first)).toBeGreaterThan(300);
  expect(countColour(withMetric, second)).toBeGreaterThan(300);
  expect(countColour(without, first)).toBeGreaterThan(300);
  expect(countColour(without, second)).toBe(0);
});

test('where no medium fits at all, nothing is drawn and the run goes on', async () => {
  const run = await shownRun({ shape: [3], plugins: [['image.medium'], ...shown] });
  expect(await run.files('images')).toEqual([]);
  expect(await run.files('.')).not.toContain('samples');
  const said = run.log.filter((line) => line.includes('is not shown'));
  expect(said.map((line) => line.split(' ')[0])).toEqual(["'mixture'", "'target'", "'output'"]);
  expect(Object.keys(await tagsOf(run)).filter((tag) => tag.startsWith('images'))).toEqual([]);
});
