/**
 * Loaded before ncn: the code below an engine's session fails at one of its calls, as a driver or a
 * library does. `NCN_PROOF_FAIL='ENGINE CALL'`.
 */
import koffi from '#koffi';
import '@tensorflow/tfjs-core';

const [engine = '', number = ''] = (process.env['NCN_PROOF_FAIL'] ?? '').split(' ');
let left = Number(number);
const fails = (): boolean => --left === 0;
/** As each of them fails: a status of the library, a trap of the module, no memory for an array. */
const failure = (): Error => {
  if (engine === 'cpu') return new RangeError('Array buffer allocation failed');
  const error = new Error('the device went away');
  if (engine === 'wasm') error.name = 'RuntimeError';
  return error;
};

/** As it is called, of a type that nothing is known of. */
const call = (fn: unknown, self: unknown, given: readonly unknown[]): unknown => {
  if (typeof fn !== 'function') throw new TypeError('a function was expected');
  const result: unknown = Reflect.apply(fn, self, given);
  return result;
};

if (engine === 'compiled') failRuns();
else failKernels();

/** ONNX Runtime's `Run`, which is called off the thread of JavaScript. */
function failRuns(): void {
  const decode: unknown = Reflect.get(koffi, 'decode');
  if (typeof decode !== 'function') throw new TypeError('koffi has no decode');
  const wrapped = (...given: readonly unknown[]): unknown => {
    const decoded: unknown = call(decode, koffi, given);
    const type: unknown = given[1];
    const name: unknown = type instanceof Object ? Reflect.get(type, 'name') : undefined;
    if (typeof decoded !== 'function' || name !== 'ncn_run') return decoded;
    const original: unknown = Reflect.get(decoded, 'async');
    if (typeof original !== 'function') throw new TypeError('koffi calls nothing off the thread');
    Reflect.set(decoded, 'async', (...parameters: readonly unknown[]): unknown => {
      const done = parameters.at(-1);
      if (!fails() || typeof done !== 'function') {
        return call(original, decoded, parameters);
      }
      setImmediate(() => call(done, undefined, [failure()]));
      return undefined;
    });
    return decoded;
  };
  Reflect.set(koffi, 'decode', wrapped);
}

/** Every kernel of a tf.js backend, as it is registered, while a session executes a program. */
function failKernels(): void {
  Error.stackTraceLimit = 100;
  const globals: unknown = Reflect.get(globalThis, '_tfGlobals');
  const registry: unknown = globals instanceof Map ? globals.get('kernelRegistry') : undefined;
  const set: unknown = registry instanceof Map ? Reflect.get(registry, 'set') : undefined;
  if (!(registry instanceof Map) || typeof set !== 'function') {
    throw new TypeError('tf.js has no registry of kernels');
  }
  Reflect.set(registry, 'set', (key: unknown, config: unknown): unknown => {
    const kernel: unknown =
      config instanceof Object ? Reflect.get(config, 'kernelFunc') : undefined;
    const counts = typeof kernel === 'function' && String(key).startsWith(`${engine}_`);
    const kernelFunc = (...given: readonly unknown[]): unknown => {
      if (inSession() && fails()) throw failure();
      return call(kernel, undefined, given);
    };
    const stored = counts ? Object.assign({}, config, { kernelFunc }) : config;
    return call(set, registry, [key, stored]);
  });
}

const inSession = (): boolean => new Error().stack?.includes('EagerSession') === true;
