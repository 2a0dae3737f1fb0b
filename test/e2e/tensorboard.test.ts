import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiledEngine } from '../../engines/compiled/index.js';
import { readTensorBoard } from '../../lab/tensorboard/writer.js';
import { chromiumPath, openBrowser } from '../support/browser.js';
import { hasTensorBoard, python, readByTensorBoard } from '../support/tensorboard.js';
import { inHost } from './host.js';
import { temporary, tinyIdx, tinyRun } from './support.js';

if (!hasTensorBoard) {
  console.log(`Tests with the real TensorBoard are skipped: ${python} has none.`);
} else if (chromiumPath === undefined) {
  console.log('The test of TensorBoard in a browser is skipped: there is no Chromium.');
}
const withTensorBoard = test.skipIf(!hasTensorBoard);

/** It records the step, of which the graph is made. */
const records = await compiledEngine.probe();
if (!records.present) {
  console.log(`The test of the graph is skipped: no engine records the step: ${records.reason}`);
}

const updates = 16; // two phases of 8
const shown = [0, 3, 6, 9, 12, 15, 16]; // evaluations, the last one after training
let root: string;
let server: ChildProcess | undefined;
let url: string;

/** Scalars by tag, as our own reader finds them. */
function scalarsOf(run: string): Record<string, [number, number][]> {
  const scalars: Record<string, [number, number][]> = {};
  for (const { step = 0, summary } of readTensorBoard(readFileSync(eventFile(run)))) {
    for (const { tag, simpleValue } of summary?.value ?? []) {
      if (simpleValue !== undefined) (scalars[tag] ??= []).push([step, simpleValue]);
    }
  }
  return scalars;
}

const eventFile = (run: string): string => join(root, run, 'events.out.tfevents.ncn');

beforeAll(async () => {
  root = join(temporary(), 'runs');
  const data = tinyIdx();
  const engine = records.present ? 'compiled' : 'wasm';
  const dense = ['--set', 'tensorboard.denseImages=50', '--engine', engine];
  const runs = [
    tinyRun(data, join(root, 'one'), ...dense),
    tinyRun(data, join(root, '../plain'), ...dense, '--set', 'tensorboard.histograms=false'),
    tinyRun(data, join(root, 'two'), ...dense, '--set', 'loss.content.weight=3'),
  ];
  for (const args of runs) {
    const { code, stderr } = await inHost(args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }
}, 300_000);

afterAll(() => server?.kill());

test('the scalars are those of metrics.jsonl and summary.json, at every step once', () => {
  const scalars = scalarsOf('two');
  const every = Array.from({ length: updates / 2 }, (_, i) => 2 * (i + 1));
  const content = scalars['loss/generator/content'] ?? [];
  expect(content.map(([step]) => step)).toEqual(every);
  const lines = readFileSync(join(root, 'two', 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const logged = lines
    .map((line) => JSON.parse(line) as { type: string; metrics: Record<string, number> })
    .filter(({ type }) => type === 'update');
  logged.forEach(({ metrics }, i) => {
    expect(content[i]?.[1]).toBe(Math.fround(metrics['generator/content'] ?? NaN));
  });
  const weight = scalars['weight/generator/content'] ?? [];
  expect(weight.map(([, value]) => value)).toEqual(every.map(() => 3));
  expect(scalars['learning_rate/generator']?.at(-1)?.[1]).toBe(Math.fround(1e-4));
  // The discriminator rests during pre-training.
  expect(scalars['discriminator/accuracy']?.map(([step]) => step)).toEqual([10, 12, 14, 16]);
  for (const [, speed] of scalars['speed/updates_per_second'] ?? []) {
    expect(speed).toBeGreaterThan(0);
  }
  expect(scalars['fixed/collapseRate']?.map(([step]) => step)).toEqual(shown);
  const summary = JSON.parse(readFileSync(join(root, 'two', 'summary.json'), 'utf8')) as {
    results: Record<string, number>;
  };
  for (const [name, value] of Object.entries(summary.results)) {
    expect(scalars[name]?.at(-1), name).toEqual([updates, Math.fround(value)]);
  }
});

test('looking inside the networks changes no result', () => {
  const metrics = (run: string): string => readFileSync(join(root, run, 'metrics.jsonl'), 'utf8');
  expect(metrics('one')).toBe(metrics('../plain'));
});

withTensorBoard('TensorBoard’s event accumulator finds the same', () => {
  const found = readByTensorBoard(join(root, 'one'));
  expect(found.scalars).toEqual(scalarsOf('one'));
  const side = 2 * (2 * 28 + 2) - 2; // 2 × 2 images, 2 pixels a pixel, a gap of 2
  const pictures = (steps: number[]): number[][] => steps.map((step) => [step, side, side]);
  expect(found.images).toEqual({
    'images/reference': pictures([0]),
    'images/input': pictures([0]),
    'images/ground_truth': pictures([0]),
    'images/output': pictures(shown),
    'images/error': pictures(shown),
  });
  const kinds = new Set(Object.keys(found.histograms).map((tag) => tag.split('/')[0]));
  expect(kinds).toEqual(new Set(['parameters', 'gradients', 'activations']));
  const gradients = Object.entries(found.histograms).filter(([tag]) =>
    tag.startsWith('gradients/'),
  );
  for (const [tag, values] of gradients) {
    const parameters = found.histograms[tag.replace('gradients', 'parameters')];
    // The discriminator has gradients once its phase has begun: there, one for each parameter.
    // Before training there are none.
    const steps = shown.filter((step) => step > (tag.includes('/generator/') ? 0 : 8));
    expect(values.map(([step]) => step)).toEqual(steps);
    expect(values.every(([, n]) => n === parameters?.[0]?.[1])).toBe(true);
  }
  expect(Object.keys(found.tensors).sort()).toEqual([
    '_hparams_/session_end_info',
    '_hparams_/session_start_info',
    'configuration',
    'description',
  ]);
});

/** Starts TensorBoard on a free port of the loopback interface. */
async function startTensorBoard(): Promise<string> {
  const args = ['-m', 'tensorboard.main', '--logdir', root, '--port', '0', '--host', '127.0.0.1'];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  server = child;
  return new Promise((done, fail) => {
    let text = '';
    const heard = (chunk: Buffer): void => {
      text += chunk.toString();
      const [found] = /http:\/\/[\d.:]+/.exec(text) ?? [];
      if (found !== undefined) done(found);
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    child.on('close', () => fail(new Error(`TensorBoard did not start: ${text}`)));
  });
}

async function get(path: string, body?: object): Promise<unknown> {
  const post = { method: 'POST', body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/data/${path}`, body === undefined ? {} : { ...post, headers });
  expect(answer.status, path).toBe(200);
  return answer.json();
}

withTensorBoard(
  'the real TensorBoard serves scalars, images, histograms, text and hparams',
  async () => {
    url = await startTensorBoard();
    // It answers before it has read the runs.
    for (let i = 0; i < 120 && ((await get('runs')) as string[]).length < 2; i++) {
      await new Promise((done) => setTimeout(done, 250));
    }
    expect(await get('runs')).toEqual(['one', 'two']);
    const query = (tag: string): string => `run=one&tag=${encodeURIComponent(tag)}`;
    const content = (await get(`plugin/scalars/scalars?${query('fixed/content')}`)) as number[][];
    expect(content.map(([, step, value]) => [step, value])).toEqual(
      scalarsOf('one')['fixed/content'],
    );
    const images = (await get(`plugin/images/images?${query('images/output')}&sample=0`)) as {
      step: number;
      query: string;
    }[];
    expect(images.map(({ step }) => step)).toEqual(shown);
    const image = await fetch(
      `${url}/data/plugin/images/individualImage?${images[0]?.query ?? ''}`,
    );
    const png = Buffer.from(await image.arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const tags = (await get('plugin/histograms/tags')) as Record<string, object>;
    const [histogram = ''] = Object.keys(tags['one'] ?? {});
    const values = (await get(`plugin/histograms/histograms?${query(histogram)}`)) as unknown[];
    expect(values.length).toBeGreaterThan(0);
    const text = (await get(`plugin/text/text?${query('configuration')}`)) as { text: string }[];
    expect(text[0]?.text).toContain('loss.content.weight');

    if (records.present) {
      expect(await get('plugin/graphs/info')).toMatchObject({ one: { run_graph: true } });
      const graph = await fetch(`${url}/data/plugin/graphs/graph?run=one&conceptual=false`);
      const nodes = (await graph.text()).split(/^node /m).slice(1);
      const conv = nodes.find((node) => node.includes('name: "generator/conv1/conv"')) ?? '';
      expect(conv).toMatch(/op: "conv"\s+input: ".+"\s+input: "generator\/conv1\/kernel"/);
      expect(conv).toContain('s: "generator.resconvnet"');
    }

    const name = { experimentName: '' };
    const experiment = (await get('plugin/hparams/experiment', name)) as {
      hparamInfos: { name: string; differs: boolean }[];
      metricInfos: { name: { tag: string } }[];
    };
    const differing = experiment.hparamInfos.filter(({ differs }) => differs);
    expect(differing.map((info) => info.name)).toEqual(['loss.content.weight']);
    const groups = (await get('plugin/hparams/session_groups', {
      ...name,
      allowedStatuses: ['STATUS_SUCCESS'],
      colParams: [{ metric: { tag: 'test/content' } }],
      startIndex: 0,
      sliceSize: 10,
    })) as {
      sessionGroups: {
        hparams: Record<string, unknown>;
        metricValues: { name: { tag: string }; value: number }[];
      }[];
    };
    const weights = groups.sessionGroups.map(({ hparams }) => hparams['loss.content.weight']);
    expect(weights.sort()).toEqual([1, 3]);
    for (const { hparams, metricValues } of groups.sessionGroups) {
      const run = hparams['loss.content.weight'] === 1 ? 'one' : 'two';
      const value = metricValues.find((metric) => metric.name.tag === 'test/content')?.value;
      expect(value).toBe(scalarsOf(run)['test/content']?.at(-1)?.[1]);
    }
  },
  120_000,
);

test.skipIf(!hasTensorBoard || chromiumPath === undefined)(
  'its page shows them in Chromium',
  async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      await page.goto(`${url}/#images`);
      await page
        .getByText('images/ground_truth')
        .filter({ visible: true })
        .first()
        .waitFor({ timeout: 60_000 });
      const loaded = page.locator('tf-image-loader img').first();
      await loaded.waitFor({ timeout: 60_000 });
      const width = await loaded.evaluate((img) => Reflect.get(img, 'naturalWidth') as number);
      expect(width).toBe(114);
      await page.goto(`${url}/#hparams`);
      await page
        .getByText('loss.content.weight')
        .filter({ visible: true })
        .first()
        .waitFor({ timeout: 60_000 });
      await page.goto(`${url}/#scalars`);
      await page
        .getByText('learning_rate')
        .filter({ visible: true })
        .first()
        .waitFor({ timeout: 60_000 });
    } finally {
      await browser.close();
    }
  },
  200_000,
);
