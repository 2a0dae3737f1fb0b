import { noMemory } from '../../errors/compiled.js';
import type { Api, Pointer } from './api.js';

/** ONNX Runtime's names of what executes a model, besides the CPU. */
export type DeviceProvider = 'WebGPU' | 'CUDA';

export interface NativeOptions {
  readonly threads: number;
  /** Runs what this provider can; the CPU runs the rest. */
  readonly provider?: DeviceProvider;
  /** Refuses a model of which the provider cannot run everything. */
  readonly alone?: boolean;
  /** Has the library optimise the graph, for one that runs many times on small tensors. */
  readonly optimise?: boolean;
  /** Prefix of a file for the library's own profile. */
  readonly profile?: string;
}

/** Host memory that the library reads and writes in place, and the tensors that show it. */
export class Buffer32 {
  readonly data: Float32Array;
  private readonly views = new Map<string, Pointer>();

  /**
   * @param values all of an ArrayBuffer; a new one where left out
   * @throws NcnError where there is no memory left
   */
  constructor(
    private readonly runtime: Runtime,
    length: number,
    values?: Float32Array,
  ) {
    if (values !== undefined) {
      this.data = values;
      return;
    }
    const bytes = Math.max(1, length) * Float32Array.BYTES_PER_ELEMENT;
    try {
      // An ArrayBuffer of its own: small arrays may otherwise move with the garbage collector.
      this.data = new Float32Array(new ArrayBuffer(bytes), 0, length);
    } catch (error) {
      throw noMemory(bytes, error);
    }
  }

  /** The memory as the library's tensor of this shape. */
  view(shape: readonly number[]): Pointer {
    const key = shape.join();
    const known = this.views.get(key);
    if (known !== undefined) return known;
    const view = this.runtime.tensor(this.data, shape);
    this.views.set(key, view);
    return view;
  }

  release(): void {
    for (const view of this.views.values()) this.runtime.api.release('ReleaseValue', view);
    this.views.clear();
  }
}

/** The library's level of logging: errors are thrown, so they need not be printed too. */
const silent = 4;

/** How the pool of memory grows: a sixth less at the peak than by powers of two. */
const asRequested = 1;

/** The library, started. One per process. */
export class Runtime {
  private readonly environment: Pointer;
  private readonly memory: Pointer;

  constructor(readonly api: Api) {
    this.environment = api.make('CreateEnv', silent, 'ncn');
    this.memory = api.make('CreateCpuMemoryInfo', 1, 0);
    // One pool of memory for all programs.
    const arena = api.make('CreateArenaCfg', 0, asRequested, -1, -1);
    api.call('CreateAndRegisterAllocator', this.environment, this.memory, arena);
    api.release('ReleaseArenaCfg', arena);
  }

  /** @param data must stay alive as long as the tensor */
  tensor(data: Float32Array, shape: readonly number[]): Pointer {
    const dims = BigInt64Array.from(shape, BigInt);
    const name = 'CreateTensorWithDataAsOrtValue';
    return this.api.make(name, this.memory, data, data.byteLength, dims, shape.length, 1);
  }

  /** Compiles a model. */
  load(model: Uint8Array, options: NativeOptions): Executable {
    const settings = this.settings(options);
    try {
      const given = [this.environment, model, model.byteLength, settings];
      return new Executable(this.api, this.api.make('CreateSessionFromArray', ...given));
    } finally {
      this.api.release('ReleaseSessionOptions', settings);
    }
  }

  /** The same, off the JavaScript thread. */
  async loadAside(model: Uint8Array, options: NativeOptions): Promise<Executable> {
    const settings = this.settings(options);
    try {
      const given = [this.environment, model, model.byteLength, settings];
      return new Executable(this.api, await this.api.makeAsync('CreateSessionFromArray', ...given));
    } finally {
      this.api.release('ReleaseSessionOptions', settings);
    }
  }

  private settings(options: NativeOptions): Pointer {
    const settings = this.api.make('CreateSessionOptions');
    try {
      // Of a training step on the CPU nothing is left to optimise; looking for it takes half of the
      // time to compile.
      const optimise = options.provider !== undefined || options.optimise === true;
      this.api.call('SetSessionGraphOptimizationLevel', settings, optimise ? 99 : 0);
      // Planning all memory ahead costs almost twice the memory, and gains little time.
      if (options.optimise !== true) this.api.call('DisableMemPattern', settings);
      this.api.call('AddSessionConfigEntry', settings, 'session.use_env_allocators', '1');
      this.api.call('SetIntraOpNumThreads', settings, options.threads);
      if (options.profile !== undefined) {
        this.api.call('EnableProfiling', settings, options.profile);
      }
      if (options.provider !== undefined) this.append(settings, options.provider);
      if (options.alone === true) {
        this.api.call('AddSessionConfigEntry', settings, 'session.disable_cpu_ep_fallback', '1');
      }
      return settings;
    } catch (error) {
      this.api.release('ReleaseSessionOptions', settings);
      throw error;
    }
  }

  private append(settings: Pointer, provider: DeviceProvider): void {
    if (provider === 'WebGPU') {
      this.api.call('SessionOptionsAppendExecutionProvider', settings, provider, [], [], 0);
      return;
    }
    // The general function does not know this provider.
    const cuda = this.api.make('CreateCUDAProviderOptions');
    try {
      this.api.call('SessionOptionsAppendExecutionProvider_CUDA_V2', settings, cuda);
    } finally {
      this.api.release('ReleaseCUDAProviderOptions', cuda);
    }
  }
}

/** A compiled model. */
export class Executable {
  constructor(
    private readonly api: Api,
    private readonly session: Pointer,
  ) {}

  /** Runs off the JavaScript thread; results are written into the outputs' memory. */
  async run(
    inputs: ReadonlyMap<string, Pointer>,
    outputs: ReadonlyMap<string, Pointer>,
  ): Promise<void> {
    const [names, values] = [[...inputs.keys()], [...inputs.values()]];
    const [results, places] = [[...outputs.keys()], [...outputs.values()]];
    await this.api.callAsync(
      'Run',
      this.session,
      null,
      names,
      values,
      names.length,
      results,
      results.length,
      places,
    );
  }

  /** Runs a model with one output at once and gives that output's shape. */
  shapeOf(input: string, value: Pointer, output: string): number[] {
    const places: unknown[] = [null];
    this.api.call('Run', this.session, null, [input], [value], 1, [output], 1, places);
    const result = places[0] as Pointer;
    const info = this.api.make('GetTensorTypeAndShape', result);
    const dims = new BigInt64Array(4);
    this.api.call('GetDimensions', info, dims, 4);
    this.api.release('ReleaseTensorTypeAndShapeInfo', info);
    this.api.release('ReleaseValue', result);
    return [...dims].map(Number);
  }

  /** What allocates in the memory of this name, in the way of this model's provider. */
  allocator(memory: string): Pointer {
    const info = this.api.make('CreateMemoryInfo', memory, 0, 0, 0);
    try {
      return this.api.make('CreateAllocator', this.session, info);
    } finally {
      this.api.release('ReleaseMemoryInfo', info);
    }
  }

  /** Ends the library's profile, if one was asked for; its file is then complete. */
  release(): void {
    this.api.release('ReleaseSession', this.session);
  }
}
