import { programMismatch, sessionClosed } from '../errors/compiled.js';
import type { HostTensors, Program, ProgramSignature } from '../../core/engine/types.js';
import {
  compile,
  compileAside,
  compileSettled,
  type Compiled,
  type CompileTimes,
} from './compile.js';
import type { Drafts } from './drafts.js';
import type { LoweringOptions } from './lower/options.js';
import type { Pointer } from './runtime/api.js';
import { sameShape } from './ir/shape.js';
import { HostMemory } from './runtime/host-memory.js';
import type { Memory } from './runtime/memory.js';
import type { Buffer32, NativeOptions, Runtime } from './runtime/native.js';
import type { State } from './state.js';

/** A compiled program, host memory for what is fed to it, and places for what comes out. */
export interface Ready<Place> extends Compiled {
  readonly fed: ReadonlyMap<string, Buffer32>;
  readonly results: ReadonlyMap<string, Place>;
  /** Of the state that it was compiled with as it was then: which value that was. */
  readonly settled: ReadonlyMap<string, number>;
}

/** The programs of a session, compiled once for each set of shapes. */
export class CompiledPrograms<Place> {
  private readonly ready = new Map<Program, Map<string, Ready<Place>>>();
  private readonly host: HostMemory;
  private closed = false;

  /**
   * @param drafts of programs that somebody looked at before
   * @param state of the session
   * @param memory for what programs give
   */
  constructor(
    private readonly runtime: Runtime,
    private readonly options: LoweringOptions & NativeOptions,
    private readonly drafts: Drafts,
    private readonly state: State<Place>,
    private readonly memory: Memory<Place>,
  ) {
    this.host = new HostMemory(runtime);
  }

  /** Begins to compile a program off the JavaScript thread. @param state shapes that it will have */
  begin(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): void {
    // Drivers of devices may expect the thread that made the others.
    if (this.options.provider !== undefined || this.isSettled(program)) return;
    compileAside(this.runtime, this.drafts, { program, state, signature }, this.options);
  }

  /**
   * The program for these shapes; compiles it the first time. At once, but where state is settled, or it is being
   * compiled already.
   */
  get(program: Program, signature: ProgramSignature): Ready<Place> | Promise<Ready<Place>> {
    const byShape = this.ready.get(program) ?? new Map<string, Ready<Place>>();
    this.ready.set(program, byShape);
    const key = JSON.stringify([[...signature.inputs], [...signature.scalars].sort()]);
    const known = byShape.get(key);
    if (known !== undefined) {
      if (this.isCurrent(known)) return known;
      byShape.delete(key);
      this.free(known);
    }
    const keep = (ready: Ready<Place>): Ready<Place> => {
      // Whoever asked at the same time may have got another one, and a session may be closed while it is compiled.
      const other = byShape.get(key);
      if (other === undefined && !this.closed) {
        byShape.set(key, ready);
        return ready;
      }
      this.free(ready);
      if (other === undefined) throw sessionClosed();
      return other;
    };
    if (this.isSettled(program)) return this.compileSettled(program, signature).then(keep);
    const compiled = this.compile(program, signature);
    return compiled instanceof Promise ? compiled.then(keep) : keep(compiled);
  }

  private isSettled(program: Program): boolean {
    return program.settled !== undefined && this.options.provider === undefined;
  }

  /** The program for the shapes of these inputs. */
  for(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Ready<Place> | Promise<Ready<Place>> {
    const shapes = new Map([...inputs].map(([name, { shape }]) => [name, shape] as const));
    return this.get(program, { inputs: shapes, scalars: [...scalars.keys()] });
  }

  /** Copies a run's inputs and scalars to where the program reads them. @returns these places */
  feed(
    program: Program,
    ready: Ready<Place>,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Map<string, Pointer> {
    const pointers = new Map<string, Pointer>();
    for (const port of ready.inputs) {
      if (port.role === 'state') continue;
      const buffer = ready.fed.get(port.name);
      const scalar = scalars.get(port.name);
      const data = scalar === undefined ? inputs.get(port.name)?.data : [scalar];
      if (buffer === undefined || data?.length !== buffer.data.length) {
        throw programMismatch(program.name, `the input '${port.name}' has not the stated shape`);
      }
      buffer.data.set(data);
      pointers.set(port.value, buffer.view(port.physical));
    }
    return pointers;
  }

  /** How long it took to compile a program, for each set of shapes that it was run with. */
  compileTimes(program: Program): CompileTimes[] {
    return [...(this.ready.get(program)?.values() ?? [])].map(({ times }) => times);
  }

  close(): void {
    this.closed = true;
    for (const byShape of this.ready.values()) {
      for (const ready of byShape.values()) this.free(ready);
    }
    this.ready.clear();
    this.drafts.close();
    this.host.close();
  }

  private free(ready: Ready<Place>): void {
    ready.executable.release();
    for (const buffer of ready.fed.values()) this.host.giveBack(buffer);
    for (const place of ready.results.values()) this.memory.giveBack(place);
  }

  /** Whether the state has the shapes that the program was compiled for, and the values that it was compiled with. */
  private isCurrent({ settled, inputs }: Ready<Place>): boolean {
    for (const [name, version] of settled) {
      if (this.state.versionOf(name) !== version) return false;
    }
    return inputs.every(
      ({ role, name, shape }) => role !== 'state' || sameShape(this.state.shapeOf(name), shape),
    );
  }

  private compile(
    program: Program,
    signature: ProgramSignature,
  ): Ready<Place> | Promise<Ready<Place>> {
    const { runtime, drafts, options } = this;
    const given = { program, state: this.state.shapes(), signature };
    const compiled = compile(runtime, drafts, given, options);
    const ready = (made: Compiled): Ready<Place> => this.withMemory(made, new Map());
    return compiled instanceof Promise ? compiled.then(ready) : ready(compiled);
  }

  private async compileSettled(
    program: Program,
    signature: ProgramSignature,
  ): Promise<Ready<Place>> {
    const { runtime, options, state } = this;
    const names = [...state.names()].filter((name) => program.settled?.(name) === true);
    const settled = await state.read(names);
    const given = { program, state: state.shapes(), signature };
    const compiled = compileSettled(runtime, given, options, settled);
    const versions = new Map(names.map((name) => [name, state.versionOf(name)] as const));
    return this.withMemory(compiled, versions);
  }

  private withMemory(compiled: Compiled, settled: ReadonlyMap<string, number>): Ready<Place> {
    const fed = compiled.inputs.filter(({ role }) => role !== 'state');
    const results = compiled.outputs.filter(({ role }) => role === 'output');
    try {
      return {
        ...compiled,
        settled,
        fed: new Map(fed.map(({ name, shape }) => [name, this.host.take(shape)])),
        results: new Map(results.map(({ name, shape }) => [name, this.memory.take(shape)])),
      };
    } catch (error) {
      compiled.executable.release();
      throw error;
    }
  }
}
