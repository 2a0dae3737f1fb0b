import type { Tensor } from '@tensorflow/tfjs-core';
import type { EngineSession, HostTensor, Program } from '../../core/engine/types.js';
import { tf } from '../../core/tf.js';
import { compiledEngine } from './engine.js';

/** A value for a function: a number, a tensor of tf.js, or numbers with their shape. */
export type Value = number | Tensor | HostTensor;

type Named<T> = Readonly<Record<string, T>>;

type Tensors = Readonly<Record<string, Tensor>>;

/** What a function returns: the entries of the state that change, and values for whoever asks. */
export interface StepResult<S extends Tensors, O extends Tensors> {
  readonly state?: { readonly [K in keyof S]?: Tensor };
  readonly outputs?: O;
}

/**
 * A pure function of tensors, in operations of tf.js: it reads no values, draws no random numbers, and
 * depends on nothing but its arguments. It is recorded once for each set of shapes, and not called
 * after that. Where the types of its arguments are written down, the compiled function has them.
 * @param state the whole of it
 * @param inputs what a run is given; numbers are 0-D tensors
 */
export type Step<S extends Tensors, I extends Tensors, O extends Tensors> = (
  state: S,
  inputs: I,
) => StepResult<S, O>;

/** A value for each name. */
export type Values<T> = { readonly [K in keyof T]: Value };

export interface CompileOptions<S extends Tensors> {
  /** The state at the start, copied; float32. None by default. */
  readonly state?: Values<S>;
  /** CPU threads; as many as the machine has by default. */
  readonly threads?: number;
  /** For errors. Default `step`. */
  readonly name?: string;
}

/** A function that was compiled, with its state. */
export interface CompiledStep<S extends Tensors, I extends Tensors, O extends Tensors> {
  /**
   * Runs the function, after what was asked for before, and makes what it returns the new state. For
   * shapes that are new it is compiled first, which takes some tenths of a second; for numbers that
   * change it is not.
   * @returns its outputs @throws NcnError for what cannot be compiled; the state is then as it was
   */
  run(inputs: Values<I>): Promise<{ readonly [K in keyof O]: HostTensor }>;
  /** Copies of entries of the state, all of them by default. */
  read<K extends keyof S = keyof S>(
    names?: readonly K[],
  ): Promise<{ readonly [P in K]: HostTensor }>;
  /** Replaces entries of the state. */
  write(state: Partial<Values<S>>): Promise<void>;
  /** Frees everything. */
  close(): Promise<void>;
}

/**
 * Compiles a function of tensors for the CPU.
 * @throws NcnError `NCN_ENGINE_ABSENT` where there is no ONNX Runtime for this machine
 */
export async function compile<S extends Tensors, I extends Tensors, O extends Tensors>(
  step: Step<S, I, O>,
  options: CompileOptions<S> = {},
): Promise<CompiledStep<S, I, O>> {
  const { state, threads, name = 'step' } = options;
  const session = await compiledEngine.open(threads === undefined ? {} : { threads });
  const program: Program = {
    name,
    body: (given) => {
      // The names are those of `options.state` and of what `run` was given, which have these types.
      const before = Object.fromEntries(given.state) as Tensors as S;
      const inputs = Object.fromEntries([...given.inputs, ...given.scalars]) as Tensors as I;
      const { state: after = {}, outputs = {} } = step(before, inputs);
      return { state: entriesOf(after), outputs: entriesOf(outputs) };
    },
  };
  const running = new Running(session, program);
  if (state !== undefined) await running.write(state);
  return {
    // As above: the outputs have the names that the function gave them.
    run: async (inputs) =>
      Object.fromEntries(await running.run(inputs)) as { [K in keyof O]: HostTensor },
    read: async <K extends keyof S = keyof S>(names?: readonly K[]) => {
      const read = await running.inTurn(() => session.read(names?.map(String)));
      return Object.fromEntries(read) as { [P in K]: HostTensor };
    },
    write: (entries) => running.write(entries),
    close: () => running.inTurn(() => session.close()),
  };
}

function entriesOf(named: Named<Tensor | undefined>): Map<string, Tensor> {
  return new Map(
    Object.entries(named).flatMap(([name, tensor]) =>
      tensor === undefined ? [] : [[name, tensor] as const],
    ),
  );
}

/** A session at work: one thing after the other. */
class Running {
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: EngineSession,
    private readonly program: Program,
  ) {}

  run(given: Named<Value>): Promise<ReadonlyMap<string, HostTensor>> {
    const values = Object.entries(given);
    const numbers = values.flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value] as const] : [],
    );
    return this.inTurn(async () => {
      const inputs = await hostTensors(given);
      const outputs = await this.session.run(this.program, inputs, new Map(numbers));
      return outputs.read();
    });
  }

  write(state: Named<Value | undefined>): Promise<void> {
    return this.inTurn(async () => {
      const numbers = Object.entries(state).flatMap(([name, value]) =>
        typeof value === 'number'
          ? [[name, { shape: [], data: Float32Array.of(value) }] as const]
          : [],
      );
      await this.session.write(new Map([...(await hostTensors(state)), ...numbers]));
    });
  }

  /** Does it once everything before is done. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

/** Values that are no numbers, in host memory. */
async function hostTensors(values: Named<Value | undefined>): Promise<Map<string, HostTensor>> {
  const found = new Map<string, HostTensor>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || typeof value === 'number') continue;
    found.set(name, value instanceof tf.Tensor ? await hostTensor(value) : value);
  }
  return found;
}

async function hostTensor(tensor: Tensor): Promise<HostTensor> {
  return { shape: [...tensor.shape], data: Float32Array.from(await tensor.data<'float32'>()) };
}
