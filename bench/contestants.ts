import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { compiledEngine } from '../engines/compiled/index.js';
import { engines } from '../engines/registry.js';
import type { Contestant } from './tables.js';

/** Who can be measured here, and why others cannot. */
export interface Found {
  readonly contestants: readonly Contestant[];
  /** Reasons by name. */
  readonly absent: readonly { readonly contestant: string; readonly reason: string }[];
}

/** The kind of processor, and the vector instructions that the compiled engine finds: `AMD EPYC, AVX2`. */
export async function processorOf(): Promise<string> {
  const model = cpus()[0]?.model ?? '?';
  const probed = await compiledEngine.probe();
  const vectors = probed.present ? probed.description.device.split(', ')[1] : undefined;
  return vectors === undefined ? model : `${model}, ${vectors}`;
}

/** Why a Python cannot import a module; undefined where it can. */
function whyNot(python: string, name: string): string | undefined {
  const child = spawnSync(python, ['-c', `import ${name}`], { encoding: 'utf8' });
  if (child.error !== undefined) return child.error.message;
  if (child.status === 0) return undefined;
  return child.stderr.trim().split('\n').at(-1) ?? `import ${name} ends with ${child.status}`;
}

/**
 * The engines of these names that are present, PyTorch in both layouts and compiled, and JAX.
 * @param python the Python of the peers
 */
export async function findContestants(
  wanted: readonly string[],
  python: string,
  torchCompile: boolean,
): Promise<Found> {
  const contestants: Contestant[] = [];
  const absent: { contestant: string; reason: string }[] = [];
  for (const provider of engines) {
    if (!wanted.includes(provider.name)) continue;
    const availability = await provider.probe();
    if (availability.present) {
      contestants.push({ name: provider.name, kind: 'engine', command: process.execPath });
    } else absent.push({ contestant: provider.name, reason: availability.reason });
  }
  const torch = whyNot(python, 'torch');
  if (torch === undefined) {
    const common = { kind: 'torch', command: python } as const;
    for (const layout of ['nchw', 'channels_last']) {
      contestants.push({ name: `PyTorch ${layout}`, ...common, layout });
    }
    if (torchCompile) contestants.push({ name: 'PyTorch compile', ...common, compiled: true });
    else absent.push({ contestant: 'PyTorch compile', reason: 'left out by --no-torch-compile' });
  } else absent.push({ contestant: 'PyTorch', reason: torch });
  const jax = whyNot(python, 'jax');
  if (jax === undefined) contestants.push({ name: 'JAX', kind: 'jax', command: python });
  else absent.push({ contestant: 'JAX', reason: jax });
  return { contestants, absent };
}
