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
import { compile, type Compiled, type CompileTimes } from './compile.js';
import { sizeOf } from './ir/shape.js';
import type { LoweringOptions } from './lower/context.js';
import type { Port } from './lower/lower.js';
import type { Pointer } from './runtime/api.js';
import { Buffer32, type NativeOptions, type Runtime } from './runtime/native.js';
import { State } from './state.js';
import { record } from './trace/record.js';

/** A compiled program and the memory for what goes in and comes out besides the state. */
interface Ready extends Compiled {
  readonly fed: ReadonlyMap<string, Buffer32>;
  readonly results: ReadonlyMap<string, Buffer32>;
}

/** Executes programs as compiled graphs; the state stays in host memory. */
export class CompiledSession implements EngineSession {
  private readonly state: State;
  private readonly ready = new Map<Program, Map<string, Ready>>();
  private runs = 0;
  private closed = false;
  private lost: Error | undefined;

  constructor(
    readonly engine: EngineDescription,
    private readonly runtime: Runtime,
    private readonly options: LoweringOptions & NativeOptions,
  ) {
    this.state = new State(runtime);
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

  async prepare(program: Program, signature: ProgramSignature): Promise<void> {
    this.check();
    this.compiled(program, signature);
    return Promise.resolve();
  }

  /** How long it took to compile a program, for each set of shapes that it was run with. */
  compileTimes(program: Program): CompileTimes[] {
    return [...(this.ready.get(program)?.values() ?? [])].map(({ times }) => times);
  }

  async run(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<ProgramOutputs> {
    this.check();
    const shapes = new Map([...inputs].map(([name, { shape }]) => [name, shape] as const));
    const ready = this.compiled(program, { inputs: shapes, scalars: [...scalars.keys()] });
    const run = ++this.runs;
    this.feed(program, ready, inputs, scalars);
    await this.execute(program, ready);
    return {
      read: (names) => {
        if (run !== this.runs) {
          throw programMismatch(program.name, 'its outputs were read after the next run');
        }
        return Promise.resolve(readOutputs(ready, names));
      },
    };
  }

  async close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    for (const ready of [...this.ready.values()].flatMap((byShape) => [...byShape.values()])) {
      ready.executable.release();
      for (const buffer of [...ready.fed.values(), ...ready.results.values()]) buffer.release();
    }
    this.ready.clear();
    this.state.close();
    return Promise.resolve();
  }

  private check(): void {
    if (this.closed) throw sessionClosed();
    if (this.lost !== undefined) throw this.lost;
  }

  private compiled(program: Program, signature: ProgramSignature): Ready {
    const byShape = this.ready.get(program) ?? new Map<string, Ready>();
    this.ready.set(program, byShape);
    const key = JSON.stringify([[...signature.inputs], [...signature.scalars].sort()]);
    const known = byShape.get(key);
    if (known !== undefined) return known;
    const made = compile(this.runtime, program, this.state.shapes(), signature, this.options);
    const memory = (port: Port): [string, Buffer32] => [
      port.name,
      new Buffer32(this.runtime, sizeOf(port.shape)),
    ];
    const ready: Ready = {
      ...made,
      fed: new Map(made.inputs.filter(({ role }) => role !== 'state').map(memory)),
      results: new Map(made.outputs.filter(({ role }) => role === 'output').map(memory)),
    };
    byShape.set(key, ready);
    return ready;
  }

  private feed(
    program: Program,
    ready: Ready,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): void {
    for (const port of ready.inputs) {
      if (port.role === 'state') {
        if (this.state.buffer(port.name).data.length === sizeOf(port.shape)) continue;
        throw programMismatch(program.name, `the state '${port.name}' has changed its shape`);
      }
      const target = ready.fed.get(port.name)?.data;
      const data = inputs.get(port.name)?.data;
      const scalar = scalars.get(port.name);
      if (target === undefined) continue;
      if (port.role === 'scalar' && scalar !== undefined) target[0] = scalar;
      else if (data?.length === target.length) target.set(data);
      else throw programMismatch(program.name, `the input '${port.name}' has not the stated shape`);
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
    ready: Ready,
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

  private async execute(program: Program, ready: Ready): Promise<void> {
    const inputs = new Map<string, Pointer>();
    for (const port of ready.inputs) {
      const buffer =
        port.role === 'state' ? this.state.buffer(port.name) : ready.fed.get(port.name);
      if (buffer !== undefined) inputs.set(port.value, buffer.view(port.physical));
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

function readOutputs(ready: Ready, names?: readonly string[]): Map<string, HostTensor> {
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
