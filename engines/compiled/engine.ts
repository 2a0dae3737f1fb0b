import { availableParallelism } from 'node:os';
import { unknownLayout } from '../errors/compiled.js';
import { engineAbsent } from '../errors/engine.js';
import { messageOf } from '../../core/errors/error.js';
import { cannotCheck } from '../errors/export.js';
import type { EngineAvailability, EngineOptions, EngineProvider } from '../../core/engine/types.js';
import { loadWith, type LoadedModel } from './export/run.js';
import { Api } from './runtime/api.js';
import { measureBlock } from './runtime/block.js';
import { HostMemory } from './runtime/host-memory.js';
import { findLibrary } from './runtime/library.js';
import { Runtime } from './runtime/native.js';
import { CompiledSession } from './session.js';

/** Of a large optimizer update: small enough for the CPU's cache. */
const chunkOfUpdate = 524288;

interface Started {
  readonly runtime: Runtime;
  /** Channels in a block of the CPU's convolutions; 0: it has none. */
  readonly block: number;
}

let started: Started | string | undefined;

function start(): Started | string {
  const library = findLibrary();
  if ('reason' in library) return library.reason;
  try {
    const runtime = new Runtime(new Api(library.path));
    return { runtime, block: measureBlock(runtime) };
  } catch (error) {
    return `ONNX Runtime (${library.path}) cannot be used: ${messageOf(error)}`;
  }
}

/**
 * `NCN_COMPILED_LAYOUT=plain` or `blocked`: convolutions in no other way.
 * @throws NcnError for another value
 */
function wantedLayout(): 'plain' | 'blocked' | undefined {
  const layout = process.env['NCN_COMPILED_LAYOUT'];
  if (layout === undefined || layout === '') return undefined;
  if (layout !== 'plain' && layout !== 'blocked') throw unknownLayout(layout);
  return layout;
}

function chosenBlock(block: number): number {
  return wantedLayout() === 'plain' ? 0 : block;
}

/** As many as are asked for; else `OMP_NUM_THREADS`, which PyTorch and others read, too; else one for each processor. */
function threadsOf(options: EngineOptions): number {
  const asked = Number.parseInt(process.env['OMP_NUM_THREADS'] ?? '', 10);
  return options.threads ?? (asked > 0 ? asked : availableParallelism());
}

function describe(
  { runtime, block }: Started,
  threads: number,
): EngineAvailability & { present: true } {
  const layout =
    new Map([
      [16, 'AVX-512'],
      [8, 'AVX2'],
    ]).get(chosenBlock(block)) ?? 'plain layout';
  const plural = threads === 1 ? '' : 's';
  return {
    present: true,
    description: {
      name: 'compiled',
      version: `ONNX Runtime ${runtime.api.version}`,
      device: `${threads} thread${plural}, ${layout}`,
    },
  };
}

/**
 * Loads an ONNX model with the library.
 * @throws NcnError where there is no library, or the model does not load
 */
export function loadModel(model: Uint8Array): LoadedModel {
  started ??= start();
  if (typeof started === 'string') throw cannotCheck(started);
  return loadWith(started.runtime, model);
}

/** The training step compiled to one graph, executed by ONNX Runtime on the CPU. */
export const compiledEngine: EngineProvider = {
  name: 'compiled',
  summary: 'the training step compiled to native code by ONNX Runtime, CPU',
  priority: 50,
  probe() {
    started ??= start();
    return Promise.resolve(
      typeof started === 'string'
        ? { present: false, reason: started }
        : describe(started, threadsOf({})),
    );
  },
  open(options) {
    started ??= start();
    if (typeof started === 'string') {
      return Promise.reject(engineAbsent('compiled', started));
    }
    const threads = threadsOf(options);
    const profile = process.env['NCN_COMPILED_PROFILE'];
    const settings = {
      block: chosenBlock(started.block),
      winograd: wantedLayout() === undefined,
      chunk: chunkOfUpdate,
      threads,
      ...(profile === undefined ? {} : { profile }),
    };
    const { description } = describe(started, threads);
    const memory = new HostMemory(started.runtime);
    return Promise.resolve(
      new CompiledSession(description, started.runtime, settings, memory, options.cache),
    );
  },
};
