import koffi from '#koffi';
import type { KoffiFunc } from 'koffi';
import { libraryTooOld } from '../../errors/compiled.js';
import { configureKoffi } from '../../native.js';

type NativeFunction = KoffiFunc<(...parameters: unknown[]) => unknown>;

/** A pointer that only the native library looks behind. */
export type Pointer = object & { readonly pointer: unique symbol };

/** Version of the C API that is asked for; later libraries have it too. */
const apiVersion = 17;

/** Positions in the table of functions, which only ever grows at its end. */
const positions = {
  GetErrorMessage: 2,
  CreateEnv: 3,
  CreateSessionFromArray: 8,
  Run: 9,
  CreateSessionOptions: 10,
  DisableMemPattern: 17,
  DisableCpuMemArena: 19,
  EnableProfiling: 14,
  SetSessionGraphOptimizationLevel: 23,
  SetIntraOpNumThreads: 24,
  CreateTensorAsOrtValue: 48,
  CreateTensorWithDataAsOrtValue: 49,
  GetDimensionsCount: 61,
  GetDimensions: 62,
  GetTensorTypeAndShape: 65,
  CreateMemoryInfo: 68,
  CreateCpuMemoryInfo: 69,
  ReleaseStatus: 93,
  ReleaseMemoryInfo: 94,
  ReleaseSession: 95,
  ReleaseValue: 96,
  ReleaseTensorTypeAndShapeInfo: 99,
  ReleaseSessionOptions: 100,
  SessionEndProfiling: 110,
  AddSessionConfigEntry: 130,
  CreateAndRegisterAllocator: 144,
  CreateArenaCfg: 156,
  ReleaseArenaCfg: 157,
  CreateAllocator: 131,
  ReleaseAllocator: 132,
  SessionOptionsAppendExecutionProvider_CUDA_V2: 204,
  CreateCUDAProviderOptions: 205,
  ReleaseCUDAProviderOptions: 208,
  SessionOptionsAppendExecutionProvider: 216,
} as const;

const signatures: Record<keyof typeof positions, string> = {
  GetErrorMessage: 'const char *ncn_message(void *status)',
  CreateEnv: 'void *ncn_env(int level, const char *name, _Out_ void **env)',
  CreateSessionFromArray:
    'void *ncn_session(void *env, const void *model, size_t size, void *options, _Out_ void **session)',
  Run: 'void *ncn_run(void *session, void *options, const char **inputs, void **inputValues, size_t inputCount, const char **outputs, size_t outputCount, _Inout_ void **outputValues)',
  CreateSessionOptions: 'void *ncn_options(_Out_ void **options)',
  DisableMemPattern: 'void *ncn_nopattern(void *options)',
  DisableCpuMemArena: 'void *ncn_noarena(void *options)',
  EnableProfiling: 'void *ncn_profile(void *options, const char *prefix)',
  SetSessionGraphOptimizationLevel: 'void *ncn_level(void *options, int level)',
  SetIntraOpNumThreads: 'void *ncn_threads(void *options, int threads)',
  CreateTensorAsOrtValue:
    'void *ncn_device_tensor(void *allocator, const int64_t *shape, size_t rank, int type, _Out_ void **value)',
  CreateTensorWithDataAsOrtValue:
    'void *ncn_tensor(void *info, void *data, size_t size, const int64_t *shape, size_t rank, int type, _Out_ void **value)',
  GetDimensionsCount: 'void *ncn_rank(void *info, _Out_ size_t *count)',
  GetDimensions: 'void *ncn_dims(void *info, _Out_ int64_t *dims, size_t count)',
  GetTensorTypeAndShape: 'void *ncn_shape(void *value, _Out_ void **info)',
  CreateMemoryInfo:
    'void *ncn_device_memory(const char *name, int allocator, int id, int type, _Out_ void **info)',
  CreateCpuMemoryInfo: 'void *ncn_memory(int allocator, int type, _Out_ void **info)',
  ReleaseStatus: 'void ncn_release_status(void *it)',
  ReleaseMemoryInfo: 'void ncn_release_memory(void *it)',
  ReleaseSession: 'void ncn_release_session(void *it)',
  ReleaseValue: 'void ncn_release_value(void *it)',
  ReleaseTensorTypeAndShapeInfo: 'void ncn_release_shape(void *it)',
  ReleaseSessionOptions: 'void ncn_release_options(void *it)',
  SessionEndProfiling: 'void *ncn_profiled(void *session, void *allocator, _Out_ void **name)',
  AddSessionConfigEntry: 'void *ncn_config(void *options, const char *key, const char *value)',
  CreateAndRegisterAllocator: 'void *ncn_allocator(void *env, void *info, void *arena)',
  CreateArenaCfg:
    'void *ncn_arena(size_t limit, int extend, int initial, int dead, _Out_ void **arena)',
  ReleaseArenaCfg: 'void ncn_release_arena(void *it)',
  CreateAllocator:
    'void *ncn_device_allocator(void *session, void *memory, _Out_ void **allocator)',
  ReleaseAllocator: 'void ncn_release_allocator(void *it)',
  SessionOptionsAppendExecutionProvider_CUDA_V2: 'void *ncn_cuda(void *options, void *cuda)',
  CreateCUDAProviderOptions: 'void *ncn_cuda_options(_Out_ void **cuda)',
  ReleaseCUDAProviderOptions: 'void ncn_release_cuda_options(void *it)',
  SessionOptionsAppendExecutionProvider:
    'void *ncn_provider(void *options, const char *name, const char **keys, const char **values, size_t count)',
};

type Name = keyof typeof positions;
type Argument = Pointer | null | string | number | ArrayBufferView | readonly unknown[];

const types = new Map<string, ReturnType<typeof koffi.proto>>();

/** Types have a name each and are known to all libraries: another one must not make them again. */
function typeOf(signature: string): ReturnType<typeof koffi.proto> {
  const known = types.get(signature) ?? koffi.proto(signature);
  types.set(signature, known);
  return known;
}

/**
 * ONNX Runtime's C API. Every call throws the library's own message when it fails: the cause of an
 * error for people, which says what it was called for.
 */
export class Api {
  readonly version: string;
  /** Held on to: when it is collected, the library is unloaded under its functions. */
  private readonly library: ReturnType<typeof koffi.load>;
  private readonly functions = new Map<Name, NativeFunction>();

  /** @param path of the shared library */
  constructor(path: string) {
    configureKoffi();
    this.library = koffi.load(path);
    const base: unknown = this.library.func('void *OrtGetApiBase()')();
    const getApi = this.callable(base, 0, 'const void *ncn_api(uint32_t version)');
    const getVersion = this.callable(base, 1, 'const char *ncn_version()');
    this.version = String(getVersion());
    const table: unknown = getApi(apiVersion);
    if (table === null) throw libraryTooOld(this.version, `1.${apiVersion}`);
    for (const name of Object.keys(positions) as Name[]) {
      this.functions.set(name, this.callable(table, positions[name], signatures[name]));
    }
  }

  /** Calls a function that returns a status. */
  call(name: Name, ...parameters: readonly Argument[]): void {
    this.check(this.get(name)(...parameters));
  }

  /** Calls a function whose last parameter receives a pointer. */
  make(name: Name, ...parameters: readonly Argument[]): Pointer {
    const out: unknown[] = [null];
    this.check(this.get(name)(...parameters, out));
    return out[0] as Pointer;
  }

  /** Calls a function off the JavaScript thread. */
  callAsync(name: Name, ...parameters: readonly Argument[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.get(name).async(...parameters, (error: unknown, status: unknown) => {
        try {
          if (error instanceof Error) throw error;
          this.check(status);
          resolve();
        } catch (failure) {
          reject(failure instanceof Error ? failure : new Error(String(failure)));
        }
      });
    });
  }

  /** As `make`, off the JavaScript thread. */
  async makeAsync(name: Name, ...parameters: readonly Argument[]): Promise<Pointer> {
    const out: unknown[] = [null];
    await this.callAsync(name, ...parameters, out);
    return out[0] as Pointer;
  }

  /** Calls one of the `Release…` functions. */
  release(name: Name & `Release${string}`, it: Pointer): void {
    this.get(name)(it);
  }

  private get(name: Name): NativeFunction {
    const found = this.functions.get(name);
    if (found === undefined) throw new TypeError(`no function ${name}`);
    return found;
  }

  private callable(table: unknown, position: number, signature: string): NativeFunction {
    const pointer: unknown = koffi.decode(table, position * 8, 'void *');
    return koffi.decode(pointer, typeOf(signature)) as NativeFunction;
  }

  private check(status: unknown): void {
    if (status === null) return;
    const message = String(this.get('GetErrorMessage')(status));
    this.get('ReleaseStatus')(status);
    throw new Error(message);
  }
}
