/**
 * Checks the training step against an independent implementation in PyTorch: `npm run check:peers`.
 *
 * For `dcnn_v1` and `conditional_v1`, small and at documented width, it writes our checkpoint of
 * update 0, the batches and the losses of the first updates, and has bench/peers/reference.py
 * compute the same losses from the same checkpoint and batches. One case goes on for 300 updates. NCN_PYTHON names a Python with
 * torch and numpy (default python3).
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openEngine } from '../engines/registry.js';
import { writeFileAtomic } from '../core/run/atomic.js';
import { CheckpointStore } from '../core/run/checkpoints.js';
import { prettyJson, type JsonValue } from '../core/run/json.js';
import { writeSafetensors } from '../core/run/safetensors.js';
import { initialState } from '../core/trainer/build/state.js';
import { batchesOf } from '../core/trainer/loop/batches-of.js';
import { repeatUpdate } from '../core/trainer/loop/replay.js';
import { metricsOf } from '../core/trainer/loop/update.js';
import { dumpApart } from './apart/dump.js';
import { works } from './apart/works.js';
import { flag, scriptOptions, word } from './options.js';
import { preparePreset } from './prepared.js';

const values = scriptOptions({
  command: 'npm run check:peers',
  about: 'Checks the training step against an independent implementation in PyTorch (NCN_PYTHON).',
  options: {
    engine: word('name', 'engine to check', 'auto'),
    dataset: word('name', 'data set', 'auto'),
    small: flag('leaves out the runs at documented width and the long one'),
    only: word('text', 'only the cases whose names have this in them', ''),
  },
});

interface Case {
  readonly name: string;
  readonly preset: string;
  readonly updates: number;
  readonly batch: number;
  readonly set: Readonly<Record<string, JsonValue>>;
  /** Left out with `--small`. */
  readonly large?: boolean;
  /** Goes on until rounding has its way: how long losses agree is compared. */
  readonly followed?: boolean;
}

const small = { 'generator.resconvnet.width': 8 };
const cases: readonly Case[] = [
  { name: 'dcnn_v1, width 8', preset: 'dcnn_v1', updates: 20, batch: 8, set: small },
  {
    name: 'conditional_v1, width 8, discriminator 1/32',
    preset: 'conditional_v1',
    updates: 20,
    batch: 8,
    set: { ...small, 'discriminator.conditional.width': 1 / 32 },
  },
  {
    name: 'dcnn_v1, documented width',
    preset: 'dcnn_v1',
    updates: 5,
    batch: 4,
    set: {},
    large: true,
  },
  {
    name: 'conditional_v1, documented width',
    preset: 'conditional_v1',
    updates: 3,
    batch: 2,
    set: {},
    large: true,
  },
  {
    name: 'conditional_v1, width 32, discriminator 1/8, 300 updates',
    preset: 'conditional_v1',
    updates: 300,
    batch: 8,
    set: { 'generator.resconvnet.width': 32, 'discriminator.conditional.width': 1 / 8 },
    large: true,
    followed: true,
  },
];

/** Writes checkpoint, batches, losses and final state of a case into a folder. */
async function dump(
  { preset, updates, batch, set, followed = false }: Case,
  folder: string,
): Promise<void> {
  const prepared = await preparePreset(preset, { ...set, batch, dataset: values.dataset });
  const { built, dataset } = prepared;
  const [step] = built.steps;
  if (step === undefined) throw new Error('the preset has no phase');
  const batches = batchesOf(prepared);
  const start = initialState(prepared);
  const store = new CheckpointStore(join(folder, 'checkpoints'));
  await store.save({ update: 0, position: null, plugins: {}, tensors: start });
  const session = await openEngine(values.engine);
  try {
    await session.write(start);
    await session.write(step.initialState());
    const lines: JsonValue[] = [];
    for (let update = 1; update <= updates; update++) {
      const { feed, outputs } = await repeatUpdate(session, step, batches, update);
      await writeSafetensors(join(folder, `batch-${update}.safetensors`), feed.inputs);
      const losses = Object.fromEntries(await metricsOf(outputs));
      lines.push({ draws: Object.fromEntries(feed.scalars), losses });
      if (update > 1) continue;
      // Of which its first moments are a tenth.
      const moments = [...(await session.read())].filter(([name]) => name.endsWith('/m'));
      await writeSafetensors(join(folder, 'first-gradients.safetensors'), new Map(moments));
    }
    await writeSafetensors(join(folder, 'after.safetensors'), await session.read());
    const { name, version, device } = session.engine;
    await writeFileAtomic(
      join(folder, 'ours.json'),
      prettyJson({
        conditional: built.networks.has('discriminator'),
        learningRate: 1e-4,
        engine: `${name} (${version}, ${device})`,
        dataset: dataset.name,
        batch,
        followed,
        updates: lines,
      }),
    );
  } finally {
    await session.close();
  }
}

const python = process.env['NCN_PYTHON'] ?? 'python3';
const probe = spawnSync(python, ['-c', 'import torch, numpy'], { encoding: 'utf8' });
if (probe.status !== 0) {
  console.log(`skipped: ${python} has no torch and numpy; NCN_PYTHON names one that has`);
  process.exit(0);
}
const script = resolve(import.meta.dirname, '../../bench/peers/reference.py');
const chosen = cases.filter(
  ({ name, large = false }) => !(values.small && large) && name.includes(values.only),
);
let worst = 0;
for (const one of chosen) {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-peers-'));
  try {
    await dump(one, folder);
    console.log(`## ${one.name}`);
    const { status } = spawnSync(python, [script, folder], { stdio: 'inherit' });
    worst = Math.max(worst, status ?? 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
if (values.only === '') {
  const peers = resolve(import.meta.dirname, '../../bench/peers');
  for (const work of Object.keys(works)) {
    const folder = await mkdtemp(join(tmpdir(), 'ncn-peers-'));
    try {
      await dumpApart(work, folder);
      const args = [join(peers, 'check_apart.py'), folder];
      worst = Math.max(worst, spawnSync(python, args, { stdio: 'inherit' }).status ?? 1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const jax = join(peers, 'check_jax.py');
  worst = Math.max(worst, spawnSync(python, [jax], { stdio: 'inherit' }).status ?? 1);
}
process.exit(worst);
