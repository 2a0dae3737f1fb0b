/**
 * What a run of documented length leaves behind: `npm run bench:long`.
 *
 * Drives all plugins of conditional_v5 through 500,000 updates (`--updates N`) with networks of
 * documented size, but computes nothing: losses, images and the inside of the networks are random
 * numbers of the right shapes, which compress worse than real ones. Prints the sizes of the files,
 * what the plugins that write cost per update, and how long TensorBoard takes to read the run,
 * where `NCN_TENSORBOARD_PYTHON` (default python3) has one. `--keep DIR` keeps the run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostTensor, HostTensors, Program, ProgramOutputs } from '../core/engine/types.js';
import { RandomStreams } from '../core/random/streams.js';
import { RunDirectory } from '../core/run/directory.js';
import type { Built } from '../core/trainer/build/build.js';
import { quietHost } from '../lab/testing/prepare.js';
import { startRun } from '../core/trainer/loop/execute.js';
import { IdleSession } from './idle-session.js';
import { maybe, scriptOptions, whole } from './options.js';
import { preparePreset } from './prepared.js';

const { updates, keep } = scriptOptions({
  command: 'npm run bench:long',
  about: 'What a run of documented length leaves behind.',
  options: {
    updates: whole('updates of the run', 500_000),
    keep: maybe('dir', 'where to keep the run'),
  },
});

/** Random tensors in place of results, made once for each shape. */
class SyntheticSession extends IdleSession {
  private readonly made = new Map<string, HostTensor>();
  private readonly random = new RandomStreams(1).at('synthetic');

  constructor(private readonly built: Built) {
    super();
  }

  override read(names: Iterable<string> = []): Promise<Map<string, HostTensor>> {
    return Promise.resolve(new Map([...names].map((name) => [name, this.parameter(name)])));
  }

  override run(program?: Program, inputs?: HostTensors): Promise<ProgramOutputs> {
    const outputs = new Map<string, HostTensor>();
    if (program?.name.startsWith('evaluate') === true) {
      const shape = inputs?.get('0/target')?.shape ?? [];
      for (const name of ['input', 'reference', 'target', 'output', 'output_batch']) {
        outputs.set(name, this.tensor(shape, name));
      }
    } else if (program?.name.startsWith('inspect') === true) {
      for (const [network, { parameters }] of this.built.networks) {
        for (const { name, shape } of parameters) {
          outputs.set(`gradient/${network}/${name}`, this.tensor(shape, 'gradient'));
          const layer = `activation/${network}/${name.replace(/\/(kernel|gamma)$/, '')}`;
          // The widest layers of the generator; the discriminator's are smaller.
          if (!layer.endsWith(name)) outputs.set(layer, this.tensor([4, 28, 28, 128], 'layer'));
        }
      }
    } else return super.run();
    return Promise.resolve({ read: () => Promise.resolve(outputs) });
  }

  private parameter(name: string): HostTensor {
    const [network = '', ...rest] = name.split('/');
    const parameters = this.built.networks.get(network)?.parameters ?? [];
    const shape = parameters.find((parameter) => parameter.name === rest.join('/'))?.shape ?? [];
    return this.tensor(shape, 'parameter');
  }

  private tensor(shape: readonly number[], purpose: string): HostTensor {
    const key = `${purpose}:${shape.join()}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
    this.random.fillUniform(data, 0, 1);
    const tensor = { shape, data };
    this.made.set(key, tensor);
    return tensor;
  }
}

async function bytesIn(path: string): Promise<{ bytes: number; files: number }> {
  const status = await stat(path);
  if (!status.isDirectory()) return { bytes: status.size, files: 1 };
  const sizes = await Promise.all(
    (await readdir(path)).map(async (name) => (await stat(join(path, name))).size),
  );
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

const folder = keep ?? (await mkdtemp(join(tmpdir(), 'ncn-long-')));
const run = join(folder, 'long');
const prepared = await preparePreset('conditional_v5', {
  updates,
  dataset: 'glyphs',
  // Putting batches together is not what is measured.
  batch: 1,
  'evaluation.testExamples': 100,
});
const started = performance.now();
const directory = await RunDirectory.createAt(run);
await startRun(prepared, new SyntheticSession(prepared.built), directory, quietHost());
const seconds = (performance.now() - started) / 1000;
console.log(`${updates} updates without their computation: ${seconds.toFixed(0)} s`);
for (const name of ['events.out.tfevents.ncn', 'metrics.jsonl', 'images']) {
  const { bytes, files } = await bytesIn(join(run, name));
  console.log(`${name}: ${(bytes / 1e6).toFixed(1)} MB${files > 1 ? ` in ${files} files` : ''}`);
}
const writers = ['tensorboard', 'metrics', 'images', 'filmstrip', 'lossgraph'];
let total = 0;
for (const name of writers) {
  const milliseconds = prepared.lifecycle.settings.account.get(name) ?? 0;
  total += milliseconds;
  console.log(`${name}: ${(milliseconds / updates).toFixed(4)} ms per update`);
}
console.log(`all that write: ${(total / updates).toFixed(4)} ms per update`);

const script = `
import sys, time
start = time.time()
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
imported = time.time()
runs = EventMultiplexer().AddRunsFromDirectory(sys.argv[1])
runs.Reload()
print(f"TensorBoard reads the run in {time.time() - imported:.1f} s (and starts in {imported - start:.1f} s)")
`;
const python = process.env['NCN_TENSORBOARD_PYTHON'] ?? 'python3';
const read = spawnSync(python, ['-c', script, folder], { encoding: 'utf8' });
console.log(read.status === 0 ? read.stdout.trim() : `${python} has no TensorBoard: not timed`);
if (keep === undefined) await rm(folder, { recursive: true });
process.exit(0);
