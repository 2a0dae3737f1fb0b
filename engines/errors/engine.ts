import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';

export { engineAbsent } from '../../core/errors/engine.js';

export function engineFailed(engine: string, what: string, cause?: unknown): NcnError {
  const because = cause === undefined ? '' : `: ${messageOf(cause)}`;
  return new NcnError(`Engine '${engine}': ${what}${because}`, {
    code: 'NCN_ENGINE_FAILED',
    exit: ExitCode.engine,
    hint: "'ncn doctor' checks every engine; another can be chosen with --engine.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** WebAssembly addresses 4 GB, in which freed memory lies in pieces. */
export function wasmFailed(what: string, cause?: unknown): NcnError {
  return new NcnError(
    `Engine 'wasm' failed, most likely for lack of memory, of which WebAssembly has 4 GB: ${what}`,
    {
      code: 'NCN_ENGINE_FAILED',
      exit: ExitCode.engine,
      hint: "Choose a smaller --batch or narrower networks, or '--engine compiled', which has no such limit.",
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
