import {
  nativeFailure,
  programMismatch,
  sessionClosed,
  unknownState,
} from '../../errors/compiled.js';
import type {
  EngineDescription,
  EngineSession,
  HostTensor,
  HostTensors,
  Program,
  ProgramOutputs,
  ProgramSignature,
} from '../types.js';
import type { CompileTimes } from './compile.js';
import { sizeOf } from './ir/shape.js';
import type { LoweringOptions } from './lower/options.js';
import type { Port } from './lower/port.js';
import { CompiledPrograms, type Ready } from './programs.js';
import type { Pointer } from './runtime/api.js';
import { Buffer32, type NativeOptions, type Runtime } from './runtime/native.js';
import { State } from './state.js';
import { describeProgram } from './trace/describe.js';
import { record } from './trace/record.js';

type ReadyHere = Ready<Buffer32>;

/** Executes programs as compiled graphs; the state stays in host memory. */
export class CompiledSession implements EngineSession {
  private readonly state: State;
  private readonly programs: CompiledPrograms<Buffer32>;
  private closed = false;
  private lost: Error | undefined;

  constructor(
    readonly engine: EngineDescription,
    runtime: Runtime,
    options: LoweringOptions & NativeOptions,
  ) {
    const state = new State(runtime);
    this.state = state;
    this.programs = new CompiledPrograms(runtime, options, () => state.shapes(), {
      take: ({ shape }) => new Buffer32(runtime, sizeOf(shape)),
      release: (buffer) => {
        buffer.release();
      },
    });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
  async write(state: HostTensors): Promise<void> {
    this.check();
    this.state.write(state);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async read(names: Iterable<string> = this.state.names()): Promise<Map<string, HostTensor>> {
    this.check();
    return new Map([...names].map((name) => [name, this.state.read(name)]));
  }

  validate(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): void {
    record(program, state, signature);
  }

  readonly describe = describeProgram;

  async prepare(program: Program, signature: ProgramSignature): Promise<void> {
    this.check();
    this.programs.get(program, signature);
    return Promise.resolve();
  }

  /** How long it took to compile a program, for each set of shapes that it was run with. */
  compileTimes(program: Program): CompileTimes[] {
    return this.programs.compileTimes(program);
  }

  async run(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<ProgramOutputs> {
    this.check();
    const ready = this.programs.for(program, inputs, scalars);
    const outputs = this.programs.begin(program, (names) =>
      Promise.resolve(readOutputs(ready, names)),
    );
    this.checkState(program, ready);
    const fed = this.programs.feed(program, ready, inputs, scalars);
    await this.execute(program, ready, fed);
    return outputs;
  }

  async close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    this.programs.close();
    this.state.close();
    return Promise.resolve();
  }

  private check(): void {
    if (this.closed) throw sessionClosed();
    if (this.lost !== undefined) throw this.lost;
  }

  private checkState(program: Program, ready: ReadyHere): void {
    for (const port of ready.inputs) {
      if (port.role !== 'state') continue;
      if (this.state.buffer(port.name).data.length === sizeOf(port.shape)) continue;
      throw programMismatch(program.name, `the state '${port.name}' has changed its shape`);
    }
  }

  /** Memory for a new value: fresh, or the old value's own where the program allows it. */
  private placeFor(port: Port): Buffer32 {
    if (port.inPlace === true) return this.state.buffer(port.name);
    return this.state.take(sizeOf(port.shape));
  }

  /** The library fails in the middle of a run only when memory is exhausted. */
  private afterFailure(
    program: Program,
    ready: ReadyHere,
    changes: ReadonlyMap<string, Buffer32>,
    error: unknown,
  ): Error {
    const failure = nativeFailure(`run program '${program.name}'`, error);
    for (const port of ready.outputs) {
      const buffer = changes.get(port.name);
      if (port.role !== 'state' || buffer === undefined) continue;
      // Half of the old moments may be overwritten: better no state than a wrong one.
      if (port.inPlace === true) this.lost ??= failure;
      else this.state.giveBack(buffer);
    }
    return failure;
  }

  private async execute(
    program: Program,
    ready: ReadyHere,
    fed: ReadonlyMap<string, Pointer>,
  ): Promise<void> {
    const inputs = new Map(fed);
    for (const { role, name, value, physical } of ready.inputs) {
      if (role === 'state') inputs.set(value, this.state.buffer(name).view(physical));
    }
    const outputs = new Map<string, Pointer>();
    const changes = new Map<string, Buffer32>();
    for (const port of ready.outputs) {
      const change = port.role === 'state' ? this.placeFor(port) : undefined;
      if (change !== undefined) changes.set(port.name, change);
      const buffer = change ?? ready.results.get(port.name);
      if (buffer !== undefined) outputs.set(port.value, buffer.view(port.physical));
    }
    try {
      if (outputs.size > 0) await ready.executable.run(inputs, outputs);
    } catch (error) {
      throw this.afterFailure(program, ready, changes, error);
    }
    for (const [name, buffer] of changes) this.state.replace(name, buffer);
  }
}

function readOutputs(ready: ReadyHere, names?: readonly string[]): Map<string, HostTensor> {
  const shapes = new Map(ready.outputs.filter(isOutput).map(({ name, shape }) => [name, shape]));
  const read = (name: string): [string, HostTensor] => {
    const [shape, buffer] = [shapes.get(name), ready.results.get(name)];
    if (shape === undefined || buffer === undefined) throw unknownState(name);
    return [name, { shape: [...shape], data: buffer.data.slice() }];
  };
  return new Map([...(names ?? shapes.keys())].map(read));
}

function isOutput({ role }: Port): boolean {
  return role === 'output';
}
