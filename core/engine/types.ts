import type { Tensor } from '@tensorflow/tfjs-core';

/** A float32 tensor in host memory, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type HostTensors = ReadonlyMap<string, HostTensor>;
export type Tensors = ReadonlyMap<string, Tensor>;

/** What a program sees. All tensors are float32; scalars are 0-D. */
export interface ProgramArguments {
  /** The session's whole state, by name (`generator/conv1/kernel`, …). */
  readonly state: Tensors;
  /** Data that changes with every run: batches, noise. */
  readonly inputs: Tensors;
  /** Numbers that change with every run: loss weights, learning rates. */
  readonly scalars: Tensors;
}

export interface ProgramResult {
  /** The entries of the state that change. Names must exist in the state, with the same shape. */
  readonly state: Tensors;
  /** Values for whoever asks: losses, images. */
  readonly outputs: Tensors;
}

/**
 * A pure function of tensors, written in tf.js operations: a training step or an evaluation.
 *
 * Purity: no reading of tensor values (`dataSync`, `arraySync`), no random operations, no
 * dependence on anything but its arguments. The same program object must always mean the same
 * function: an engine may record it once per set of input shapes and never call it again.
 */
export interface Program {
  /** Unique within a session; appears in errors and timings. */
  readonly name: string;
  /**
   * Whether an entry of the state stays as it is while this program is used, as the weights of a
   * network that is trained: an engine may then compute ahead what depends on nothing else. Where
   * such an entry does change, the next run takes longer. Default: none is.
   */
  settled?(name: string): boolean;
  body(args: ProgramArguments): ProgramResult;
}

/** Outputs of one run. Reading may wait for the device; what nobody reads is never copied. */
export interface ProgramOutputs {
  /** Reads the named outputs, or all of them. Valid until the session's next `run`. */
  read(names?: readonly string[]): Promise<ReadonlyMap<string, HostTensor>>;
}

/** The example from which an engine compiles: shapes of inputs, names of scalars. */
export interface ProgramSignature {
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  readonly scalars: readonly string[];
}

/** One operation of a program, as an engine recorded it; for people. */
export interface RecordedOperation {
  /** Unique, in parts that `/` separates: `generator/conv1/conv`, `gradients/generator/…`. */
  readonly name: string;
  /** What it does: `conv`, `Add`, …; `state`, `input` and `scalar` are what it is given. */
  readonly kind: string;
  /** Names of the operations whose results it takes. */
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  /** The tf.js operation that it comes from. */
  readonly source?: string;
  /** The plugin whose code asked for it, or for that of which it is the gradient; where known. */
  readonly plugin?: string;
}

/** Bytes that a program takes while it runs, beside the state. */
export interface ProgramMemory {
  /** Of what it computes: the next program of the session uses the same memory. */
  readonly passing: number;
  /** Of its own from its first run on: what is fed to it, what it gives. */
  readonly kept: number;
}

/** For who makes the state's values elsewhere, in the order and the memory in which an engine keeps them. */
export interface StatePlacing {
  /** How far apart the neighbours along each axis of a tensor lie. */
  strides(shape: readonly number[]): readonly number[];
  /** Adds an entry to the state without copying it: the array is the engine's from now on. */
  give(name: string, shape: readonly number[], values: Float32Array): void;
  /**
   * Says who has arrays of zeros that were touched before, which takes a while: each is the engine's.
   * @param supply gives one of this length, once it is made; undefined where there is none
   */
  zerosFrom(supply: (length: number) => Promise<Float32Array | undefined> | undefined): void;
}

/** An engine at work: it owns the state and executes programs on it, one at a time. */
export interface EngineSession {
  readonly engine: EngineDescription;
  /** Adds or replaces entries of the state (copied). */
  write(state: HostTensors): Promise<void>;
  /** Absent where the state is not in the host's memory, or is kept in another way. */
  readonly placing?: StatePlacing;
  /** Copies entries of the state (all by default) to the host, exactly as they are. */
  read(names?: Iterable<string>): Promise<Map<string, HostTensor>>;
  /**
   * Gets a program ready for inputs of these shapes (trace, compile, warm up), without changing
   * the state. Optional: `run` does it on first use. Throws what is wrong with the program.
   */
  prepare(program: Program, signature: ProgramSignature): Promise<void>;
  /**
   * Begins to get a program ready, aside, before it has a state: `prepare` then waits less, and throws what went wrong.
   * Absent where an engine cannot. @param state shapes of the state @throws what is wrong with the program
   */
  begin?(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): void;
  /**
   * Finds out whether the engine can run a program, cheaply and without its state. Absent where
   * nothing can be said before running it. @param state shapes of the state. @throws as `prepare`
   */
  validate?(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): void;
  /**
   * The operations of a program, inputs before their users. Absent where the engine records
   * nothing. @throws as `prepare`
   */
  describe?(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): readonly RecordedOperation[];
  /**
   * The memory that a program will take, before it is run or has a state. Absent where an engine
   * cannot tell. @param state shapes of the state @throws as `prepare`
   */
  memory?(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): ProgramMemory;
  /** Runs the program once and makes its result the new state. On an error the state is unchanged. */
  run(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<ProgramOutputs>;
  /** Frees everything. The session cannot be used afterwards. */
  close(): Promise<void>;
}

export interface EngineDescription {
  /** As the user names it: `wasm`, `compiled`, `compiled:webgpu`, … */
  readonly name: string;
  readonly version: string;
  /** What it runs on, for people: `2 threads, AVX-512`, `NVIDIA H100`. */
  readonly device: string;
}

export type EngineAvailability =
  | { readonly present: true; readonly description: EngineDescription }
  | { readonly present: false; readonly reason: string };

/** Bytes that are kept for the next process, or not: no result depends on it. */
export interface ByteCache {
  find(key: string): Uint8Array | undefined;
  keep(key: string, bytes: Uint8Array): void;
}

export interface EngineOptions {
  /** CPU threads to use; the engine's own choice where undefined. */
  readonly threads?: number;
  /** For what it makes of programs. */
  readonly cache?: ByteCache;
}

/** How one engine is found and started. */
export interface EngineProvider {
  readonly name: string;
  /** One line for `ncn doctor`. */
  readonly summary: string;
  /** `--engine auto` takes the present engine of the highest priority; negative: never by itself. */
  readonly priority: number;
  probe(): Promise<EngineAvailability>;
  open(options: EngineOptions): Promise<EngineSession>;
}
