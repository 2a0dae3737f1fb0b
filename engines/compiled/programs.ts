import { programMismatch } from '../errors/compiled.js';
import type { HostTensors, Program, ProgramSignature } from '../../core/engine/types.js';
import { compile, type Compiled, type CompileTimes } from './compile.js';
import type { LoweringOptions } from './lower/options.js';
import type { Pointer } from './runtime/api.js';
import { HostMemory } from './runtime/host-memory.js';
import type { Memory } from './runtime/memory.js';
import type { Buffer32, NativeOptions, Runtime } from './runtime/native.js';

/** A compiled program, host memory for what is fed to it, and places for what comes out. */
export interface Ready<Place> extends Compiled {
  readonly fed: ReadonlyMap<string, Buffer32>;
  readonly results: ReadonlyMap<string, Place>;
}

/** The programs of a session, compiled once for each set of shapes. */
export class CompiledPrograms<Place> {
  private readonly ready = new Map<Program, Map<string, Ready<Place>>>();
  private readonly host: HostMemory;

  /**
   * @param shapes of the session's state, when a program is compiled
   * @param memory for what programs give
   */
  constructor(
    private readonly runtime: Runtime,
    private readonly options: LoweringOptions & NativeOptions,
    private readonly shapes: () => ReadonlyMap<string, readonly number[]>,
    private readonly memory: Memory<Place>,
  ) {
    this.host = new HostMemory(runtime);
  }

  /** The program for these shapes; compiles it the first time. */
  get(program: Program, signature: ProgramSignature): Ready<Place> {
    const byShape = this.ready.get(program) ?? new Map<string, Ready<Place>>();
    this.ready.set(program, byShape);
    const key = JSON.stringify([[...signature.inputs], [...signature.scalars].sort()]);
    const known = byShape.get(key);
    if (known !== undefined) return known;
    const compiled = compile(this.runtime, program, this.shapes(), signature, this.options);
    const ready = this.withMemory(compiled);
    byShape.set(key, ready);
    return ready;
  }

  /** The program for the shapes of these inputs. */
  for(program: Program, inputs: HostTensors, scalars: ReadonlyMap<string, number>): Ready<Place> {
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
    for (const ready of [...this.ready.values()].flatMap((byShape) => [...byShape.values()])) {
      ready.executable.release();
      for (const buffer of ready.fed.values()) this.host.giveBack(buffer);
      for (const place of ready.results.values()) this.memory.giveBack(place);
    }
    this.ready.clear();
    this.host.close();
  }

  private withMemory(compiled: Compiled): Ready<Place> {
    const fed = compiled.inputs.filter(({ role }) => role !== 'state');
    const results = compiled.outputs.filter(({ role }) => role === 'output');
    try {
      return {
        ...compiled,
        fed: new Map(fed.map(({ name, shape }) => [name, this.host.take(shape)])),
        results: new Map(results.map(({ name, shape }) => [name, this.memory.take(shape)])),
      };
    } catch (error) {
      compiled.executable.release();
      throw error;
    }
  }
}
