/**
 * Compares the denoiser with others on clips that no training saw: `npm run bench:speech`.
 *
 *     node dist/bench/speech.js [--run DIR] [--clips 24] [--data DIR] [--second DIR] [--out FILE]
 *
 * The clips are those of the simulation's test split, or, with --second, those of a folder that
 * bench/peers/second_rooms.py wrote. Beside the microphone, the canceller and the network stand
 * SpeexDSP (Debian's libspeexdsp-dev) and, where data/models has it, the canceller followed by GTCRN,
 * both run by bench/peers/speech.py; NCN_PYTHON names a Python with numpy, scipy and onnxruntime.
 * Differences are clip by clip: mean ± standard error, and how many clips are better.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openRun } from '../core/open/open.js';
import { loadModel } from '../engines/compiled/index.js';
import { cancelEcho } from '../media/audio/canceller.js';
import { LiveDenoiser } from '../media/audio/denoise/live.js';
import { suppressorOf } from '../media/audio/denoise/suppressor.js';
import { dnsmosModel, gtcrnModel } from '../media/audio/metrics/published.js';
import { dnsmosInput, opinionsOf } from '../media/audio/metrics/dnsmos.js';
import { erle, filteredSdr, siSdr } from '../media/audio/metrics/sdr.js';
import { intelligibility } from '../media/audio/metrics/stoi.js';
import { speechDataset } from '../media/audio/simulation/dataset.js';
import { dataContext } from '../media/files/places.js';
import { readWav, writeWav } from '../media/sound/wav.js';
import { maybe, pythonOf, scriptOptions, whole, word } from './options.js';
import { speechTable, type ClipScores } from './speech-table.js';

const values = scriptOptions({
  command: 'npm run bench:speech',
  about: 'Compares the denoiser with others on clips that no training saw.',
  options: {
    run: word('dir', 'run of the network', 'models/speech-small'),
    clips: whole('clips of the simulation', 24),
    data: word('dir', 'folder of the corpus (NCN_DATA)', process.env['NCN_DATA'] ?? ''),
    second: maybe('dir', 'clips of bench/peers/second_rooms.py in place of the simulation'),
    out: maybe('file', 'where to write the table, too'),
    python: word('path', 'with numpy, scipy, onnxruntime (NCN_PYTHON)', pythonOf()),
  },
});

const rate = 16_000;
const at = (seconds: number): number => Math.round(seconds * rate);
const count = values.clips;

interface Clip {
  readonly mic: Float32Array;
  readonly ref: Float32Array;
  readonly target: Float32Array;
  readonly about: string;
}

async function simulated(): Promise<Clip[]> {
  const corpus = [values.data, join(values.data, 'speech')].find((dir) =>
    existsSync(join(dir, 'files.json')),
  );
  const data = await speechDataset('speech', {
    place: corpus === undefined ? { kind: 'embedded' } : { kind: 'corpus', dir: resolve(corpus) },
    cache: join(dataContext().cache, 'clips'),
    ...{ clips: 1600, testClips: count, evaluate: 'test', seconds: 10, cutSeconds: 3 },
    ...{ seed: 1, rooms: 300 },
  });
  const clips: Clip[] = [];
  for (let i = 0; i < count; i++) {
    const [mic, ref, target] = [0, 1, 2].map(() => new Float32Array(at(10)));
    if (mic === undefined || ref === undefined || target === undefined) break;
    const conditions = new Float32Array(2);
    await data.test.read(Uint32Array.of(i), {
      microphone: mic,
      reference: ref,
      target,
      conditions,
    });
    const [ratio = NaN, recorded] = conditions;
    const music = recorded === 1 ? 'recorded' : 'procedural';
    clips.push({ mic, ref, target, about: `${ratio < -5 ? 'low' : 'high'} ratio, ${music}` });
  }
  await data.close?.();
  return clips;
}

const channel = async (file: string): Promise<Float32Array> =>
  readWav(await readFile(file), file).channels[0] ?? new Float32Array();

async function ofFolder(folder: string): Promise<Clip[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mic.wav')).sort();
  return Promise.all(
    names.map(async (name) => {
      const read = (what: string) => channel(join(folder, name.replace('.mic.', `.${what}.`)));
      const [mic, ref, target] = [await read('mic'), await read('ref'), await read('target')];
      return { mic, ref, target, about: 'second simulation' };
    }),
  );
}

const found = dnsmosModel({ ...dataContext(), env: { NCN_DATA: values.data } });
const opinion = found === undefined ? undefined : loadModel(readFileSync(found));

async function score(output: Float32Array, { mic, target }: Clip): Promise<ClipScores> {
  const cut = (x: Float32Array): Float32Array => x.subarray(at(3), at(9.95));
  const [y, s] = [cut(output), cut(target)];
  const { stoi, estoi } = intelligibility(y, s, rate);
  const alone = (x: Float32Array): Float32Array => x.subarray(at(6.1), at(6.95));
  const data = dnsmosInput(y);
  const raw = await opinion?.run(
    new Map([['input_1', { shape: [1, data.length], data }]]),
    new Map([['Identity:0', [1, 3]]]),
  );
  return {
    sdr: filteredSdr(y, s),
    siSdr: siSdr(y, s),
    stoi,
    estoi,
    dnsmos: opinionsOf(raw?.get('Identity:0')?.data ?? []).overall,
    erle: erle(alone(mic), alone(output)),
  };
}

const clips = values.second === undefined ? await simulated() : await ofFolder(values.second);
const seconds = clips.reduce((sum, { mic }) => sum + mic.length / rate, 0);
const folder = await mkdtemp(join(tmpdir(), 'ncn-speech-'));
const spent: Record<string, number> = {};
const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  spent[name] = (spent[name] ?? 0) + (user + system) / 1e6;
  return result;
};
const methods = new Map<string, ClipScores[]>();
const add = async (name: string, output: Float32Array, clip: Clip): Promise<void> => {
  methods.set(name, [...(methods.get(name) ?? []), await score(output, clip)]);
};
const run = await openRun(resolve(values.run));
const stream = await run.stream();
const network = `${(await run.manifest()).preset}, update ${stream.update}`;
for (const [i, clip] of clips.entries()) {
  const write = (name: string, signal: Float32Array): Promise<void> =>
    writeFile(
      join(folder, `${String(i).padStart(3, '0')}.${name}.wav`),
      writeWav([signal], rate, { bits: 32, float: true }),
    );
  const cancelled = await timed('canceller', () => cancelEcho(clip.mic, clip.ref));
  await add('microphone', clip.mic, clip);
  await add('canceller', cancelled, clip);
  await stream.reset();
  const live = new LiveDenoiser(suppressorOf(stream));
  const output = await timed(network, async () => {
    const parts = [await live.push(clip.mic, clip.ref), await live.flush()];
    return Float32Array.from(parts.flatMap((part) => [...part]));
  });
  await add(network, output, clip);
  await write('mic', clip.mic);
  await write('ref', clip.ref);
  await write('cancelled', cancelled);
}
await stream.close();
await run.close();
const gtcrn = gtcrnModel({ ...dataContext(), env: { NCN_DATA: values.data } });
const peers = spawnSync(
  values.python,
  ['bench/peers/speech.py', folder, ...(gtcrn === undefined ? [] : ['--gtcrn', gtcrn])],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
);
const names = { speex: 'SpeexDSP', speexpp: 'SpeexDSP, preprocessor', gtcrn: 'canceller, GTCRN' };
if (peers.status === 0) {
  const times: unknown = JSON.parse(peers.stdout);
  for (const [file, name] of Object.entries(names)) {
    const taken: unknown =
      typeof times === 'object' && times !== null ? Reflect.get(times, file) : 0;
    if (typeof taken !== 'number') continue;
    spent[name] = taken;
    for (const [i, clip] of clips.entries()) {
      const path = join(folder, `${String(i).padStart(3, '0')}.${file}.wav`);
      await add(name, await channel(path), clip);
    }
  }
} else console.log(`the peers did not run: ${values.python} needs numpy, scipy and onnxruntime`);
opinion?.close();
await rm(folder, { recursive: true });
const groups = clips.map(({ about }) => about);
const text = speechTable({ methods, network, spent, seconds, groups });
console.log(text);
if (values.out !== undefined) await writeFile(values.out, `${text}\n`);
