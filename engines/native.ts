import koffi from '#koffi';

/** A function of a shared library. Memory is given as typed arrays, pointers as they came. */
export type NativeFunction = (...parameters: readonly unknown[]) => unknown;

/** A shared library of the machine; stays loaded as long as this is held on to. */
export interface NativeLibrary {
  /**
   * @param prototype in C: `int name(void *state, int value)`
   * @throws Error where there is no function of this name
   */
  readonly func: (prototype: string) => NativeFunction;
}

/** Kernels run on the calling thread too: koffi's own stack of 128 KiB is too small for them. */
const stackBytes = 16 << 20;
let configured = false;

/** Once, before the first library: koffi allows no change afterwards. */
export function configureKoffi(): void {
  if (configured) return;
  configured = true;
  koffi.config({ ...koffi.config(), sync_stack_size: stackBytes, async_stack_size: stackBytes });
}

/**
 * Loads a shared library: a path, or a name that the system looks for.
 * @throws Error where it is not there, or for another machine
 */
export function loadNative(file: string): NativeLibrary {
  configureKoffi();
  const library = koffi.load(file);
  return {
    func(prototype) {
      const found = library.func(prototype);
      return (...parameters): unknown => found(...parameters);
    },
  };
}
