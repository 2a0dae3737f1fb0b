import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { EngineSession, HostTensor, Program } from '../../core/engine/types.js';
import { tf } from '../../core/tf.js';
import { programMismatch } from '../errors/compiled.js';
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
      const result = checkedResult(name, step(before, inputs));
      return { state: entriesOf(result.state), outputs: entriesOf(result.outputs) };
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

/** What a function returned, as JavaScript may have it. @throws NcnError for what are no tensors by name */
function checkedResult(name: string, result: unknown): Record<'state' | 'outputs', Returned> {
  if (result instanceof Promise) throw programMismatch(name, 'it is an async function');
  const parsed = resultSchema.safeParse(result);
  if (parsed.success) {
    const { state, outputs } = parsed.data;
    if (Object.keys({ ...state, ...outputs }).length > 0) return parsed.data;
    throw programMismatch(name, "it returns nothing, neither 'state' nor 'outputs'");
  }
  const [path = [], what = ''] = [parsed.error.issues[0]?.path, parsed.error.issues[0]?.message];
  const where = path.length === 0 ? 'it' : `'${path.join('.')}'`;
  throw programMismatch(name, `${where} is returned, where ${what} was expected`);
}

type Returned = Named<Tensor | undefined>;

const tensorsSchema = z.record(
  z.string(),
  z.instanceof(tf.Tensor, { error: 'a tensor' }).optional(),
  'an object with tensors by name',
);
const resultSchema = z.object(
  { state: tensorsSchema.default({}), outputs: tensorsSchema.default({}) },
  "an object with 'state' and 'outputs'",
);

function entriesOf(named: Returned): Map<string, Tensor> {
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
    // Copied now: whoever called may go on to write into what was given.
    const tensors = this.copied(given);
    return this.inTurn(async () => {
      const inputs = await tensors;
      const outputs = await this.session.run(this.program, inputs, new Map(numbers));
      return outputs.read();
    });
  }

  write(state: Named<Value | undefined>): Promise<void> {
    const tensors = this.copied(state);
    return this.inTurn(async () => {
      const numbers = Object.entries(state).flatMap(([name, value]) =>
        typeof value === 'number'
          ? [[name, { shape: [], data: Float32Array.of(value) }] as const]
          : [],
      );
      await this.session.write(new Map([...(await tensors), ...numbers]));
    });
  }

  private copied(values: Named<Value | undefined>): Promise<Map<string, HostTensor>> {
    const tensors = hostTensors(this.program.name, values);
    // Whoever waits for its turn is told what was wrong.
    tensors.catch(() => undefined);
    return tensors;
  }

  /** Does it once everything before is done. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

/** Copies of values that are no numbers, in host memory; begun at once. */
async function hostTensors(
  program: string,
  values: Named<Value | undefined>,
): Promise<Map<string, HostTensor>> {
  const found = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || typeof value === 'number'
      ? []
      : [hostTensor(program, name, value).then((tensor) => [name, tensor] as const)],
  );
  return new Map(await Promise.all(found));
}

async function hostTensor(
  program: string,
  name: string,
  value: Tensor | HostTensor,
): Promise<HostTensor> {
  if (value instanceof tf.Tensor) {
    if (value.dtype === 'string')
      throw programMismatch(program, `'${name}' is a tensor of strings`);
    return { shape: [...value.shape], data: Float32Array.from(await value.data<'float32'>()) };
  }
  const parsed = hostSchema.safeParse(value);
  if (parsed.success) return { shape: [...value.shape], data: Float32Array.from(value.data) };
  const what = 'a number, a tensor, or { shape, data } with a Float32Array was expected';
  throw programMismatch(program, `for '${name}', ${what}`);
}

const hostSchema = z.object({
  shape: z.array(z.int().min(0)),
  data: z.instanceof(Float32Array),
});
