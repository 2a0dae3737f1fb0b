import { loadNative, type NativeLibrary } from 'ncn/engine';

/** As its own programs use it at 16 kHz: samples of a frame, and of the canceller's filter. */
const frame = 256;
const tail = 4096;
const rate = 16_000;

/** Requests of speex_echo.h and speex_preprocess.h. */
const setSamplingRate = 24;
const setEchoState = 24;

const names = ['libspeexdsp.so.1', 'libspeexdsp.1.dylib', 'libspeexdsp-1.dll'];

function load(): NativeLibrary | undefined {
  const own = process.env['NCN_SPEEXDSP'];
  for (const name of own === undefined || own === '' ? names : [own]) {
    try {
      return loadNative(name);
    } catch {
      // Not on this machine: it is looked for under the next name.
    }
  }
  return undefined;
}

/** Cleans a recording. @returns as many samples as the microphone has */
export type SpeexDsp = (microphone: Float32Array, reference: Float32Array) => Float32Array;

const pcm = (signal: Float32Array, length: number): Int16Array => {
  const out = new Int16Array(length);
  out.set(
    Int16Array.from(signal, (value) =>
      Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))),
    ),
  );
  return out;
};

let known: { readonly clean: SpeexDsp | undefined } | undefined;

/**
 * SpeexDSP's echo canceller with its preprocessor, by the library of the system (Debian's `libspeexdsp1`), or that which
 * `NCN_SPEEXDSP` names; undefined where there is none. 16 kHz; a recording a call.
 */
export function speexDsp(): SpeexDsp | undefined {
  known ??= { clean: bind(load()) };
  return known.clean;
}

function bind(library: NativeLibrary | undefined): SpeexDsp | undefined {
  if (library === undefined) return undefined;
  const f = {
    echo: library.func('void *speex_echo_state_init(int frame, int tail)'),
    echoControl: library.func('int speex_echo_ctl(void *state, int request, void *value)'),
    cancel: library.func(
      'void speex_echo_cancellation(void *state, const void *mic, const void *ref, void *out)',
    ),
    endEcho: library.func('void speex_echo_state_destroy(void *state)'),
    preprocessor: library.func('void *speex_preprocess_state_init(int frame, int rate)'),
    control: library.func('int speex_preprocess_ctl(void *state, int request, void *value)'),
    preprocess: library.func('int speex_preprocess_run(void *state, void *samples)'),
    endPreprocessor: library.func('void speex_preprocess_state_destroy(void *state)'),
  };
  return (microphone, reference) => {
    const { length } = microphone;
    // The preprocessor's output comes a frame later.
    const count = Math.ceil((length + frame) / frame) * frame;
    const mic = pcm(microphone, count);
    const ref = pcm(reference.subarray(0, length), count);
    const out = new Int16Array(count);
    const echo = f.echo(frame, tail);
    const preprocessor = f.preprocessor(frame, rate);
    try {
      f.echoControl(echo, setSamplingRate, Int32Array.of(rate));
      f.control(preprocessor, setEchoState, echo);
      for (let at = 0; at < count; at += frame) {
        const of = (signal: Int16Array): Int16Array => signal.subarray(at, at + frame);
        f.cancel(echo, of(mic), of(ref), of(out));
        f.preprocess(preprocessor, of(out));
      }
    } finally {
      f.endPreprocessor(preprocessor);
      f.endEcho(echo);
    }
    return Float32Array.from(out.subarray(frame, frame + length), (value) => value / 32_768);
  };
}
