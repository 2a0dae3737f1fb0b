import * as tf from '@tensorflow/tfjs-core';
import { wasmFailed } from '../errors/engine.js';

const backend = 'wasm';

/** The little of Emscripten's module that is needed here. */
interface EmscriptenModule {
  _malloc: (bytes: number) => number;
  readonly HEAPU8: Uint8Array;
}

/** A module that has grown so far is replaced when nobody uses it: its memory never shrinks. */
const largeHeap = 2 ** 30;

/**
 * The WebAssembly module of tf.js's backend. tf.js does not look at what the module's allocator
 * returns: out of memory, it goes on at address 0 and computes nonsense, or the module aborts and
 * is of no use to whoever comes next. So its allocator is watched, its messages are, and a module
 * that failed is replaced by a new one.
 */
export class WasmModule {
  private failure: string | undefined;
  private module: EmscriptenModule | undefined;
  private sessions = 0;

  /** Makes tf.js start its backend, unless it runs. */
  async start(): Promise<void> {
    if (this.module !== undefined) return;
    // Emscripten takes hold of these two when it starts, for what the module prints.
    const { warn, log } = console;
    console.warn = (...words) => this.note(warn, words);
    console.log = (...words) => this.note(log, words);
    try {
      await withoutEmscriptensHandlers(async () => {
        await tf.setBackend(backend);
        await tf.ready();
      });
    } finally {
      Object.assign(console, { warn, log });
    }
    this.module = moduleOf(tf.backend());
    this.watch(this.module);
  }

  /** A session begins; its end must be told too. */
  opened(): void {
    this.sessions++;
  }

  async closed(): Promise<void> {
    this.sessions--;
    if (this.sessions > 0 || this.module === undefined) return;
    if (this.failure === undefined && this.module.HEAPU8.byteLength <= largeHeap) return;
    this.module = undefined;
    this.failure = undefined;
    await discard();
  }

  /** @throws NcnError when the module reported an error */
  check(): void {
    if (this.failure !== undefined) throw wasmFailed(this.failure);
  }

  /** What to say of an error: of what came out of the module itself nobody can make sense. */
  explain(error: unknown): unknown {
    for (let e = error; e instanceof Error; e = e.cause) {
      // WebAssembly's, which TypeScript knows with a browser's types only.
      if (e.name !== 'RuntimeError') continue;
      this.failure ??= e.message;
      return wasmFailed(this.failure, error);
    }
    return error;
  }

  private note(print: typeof console.log, words: readonly unknown[]): void {
    const text = words.join(' ');
    // The matrix and convolution library inside the module: its results are then missing.
    if (text.startsWith('XNN status') || text.startsWith('Aborted')) this.failure ??= text;
    else print(...words);
  }

  private watch(module: EmscriptenModule): void {
    // The first call puts the true function in the place of this one.
    module._malloc(0);
    const allocate = module._malloc;
    module._malloc = (bytes) => {
      const address = allocate(bytes);
      // Out of memory it is 0, or for very large pieces somewhere outside.
      const inside = address !== 0 && (address >>> 0) + bytes <= module.HEAPU8.byteLength;
      if (inside || bytes === 0) return address;
      this.failure ??= `no place for ${bytes} bytes`;
      throw wasmFailed(this.failure);
    };
  }
}

function moduleOf(from: object): EmscriptenModule {
  const module: unknown = Reflect.get(from, 'wasm');
  if (isModule(module)) return module;
  throw wasmFailed('tf.js started it without a module');
}

function isModule(value: unknown): value is EmscriptenModule {
  return typeof value === 'object' && value !== null && '_malloc' in value && 'HEAPU8' in value;
}

/** Has tf.js forget the backend, which it will make again when asked to. */
async function discard(): Promise<void> {
  const factory = tf.findBackendFactory(backend);
  const old = tf.engine().findBackend(backend);
  // What is broken cannot be disposed of; the garbage collector takes it.
  Object.assign(old, { dispose: () => undefined });
  tf.removeBackend(backend);
  tf.registerBackend(backend, factory, 0);
  await tf.setBackend('cpu');
}

/** Emscripten adds handlers that print a bare stack trace and abort; ours speak to people. */
async function withoutEmscriptensHandlers(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.rawListeners(event)));
  await start();
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (before[i]?.has(listener) === false) process.off(event, listener as () => void);
    }
  });
}
