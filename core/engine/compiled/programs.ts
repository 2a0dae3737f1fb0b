import { programMismatch } from '../../errors/compiled.js';
import type {
  HostTensor,
  HostTensors,
  Program,
  ProgramOutputs,
  ProgramSignature,
} from '../types.js';
import { compile, type Compiled, type CompileTimes } from './compile.js';
import { sizeOf } from './ir/shape.js';
import type { LoweringOptions } from './lower/options.js';
import type { Port } from './lower/port.js';
import type { Pointer } from './runtime/api.js';
import { Buffer32, type NativeOptions, type Runtime } from './runtime/native.js';

/** A compiled program, host memory for what is fed, and the memory for what comes out. */
export interface Ready<Memory> extends Compiled {
  readonly fed: ReadonlyMap<string, Buffer32>;
  readonly results: ReadonlyMap<string, Memory>;
}

/** Where a session keeps results. */
export interface ResultMemory<Memory> {
  readonly take: (port: Port) => Memory;
  readonly release: (memory: Memory) => void;
}

/** The programs of a session, compiled once for each set of shapes, and its count of runs. */
export class CompiledPrograms<Memory> {
  private readonly ready = new Map<Program, Map<string, Ready<Memory>>>();
  private runs = 0;

  /** @param shapes of the session's state, when a program is compiled */
  constructor(
    private readonly runtime: Runtime,
    private readonly options: LoweringOptions & NativeOptions,
    private readonly shapes: () => ReadonlyMap<string, readonly number[]>,
    private readonly memory: ResultMemory<Memory>,
  ) {}

  /** The program for these shapes; compiles it the first time. */
  get(program: Program, signature: ProgramSignature): Ready<Memory> {
    const byShape = this.ready.get(program) ?? new Map<string, Ready<Memory>>();
    this.ready.set(program, byShape);
    const key = JSON.stringify([[...signature.inputs], [...signature.scalars].sort()]);
    const known = byShape.get(key);
    if (known !== undefined) return known;
    const made = compile(this.runtime, program, this.shapes(), signature, this.options);
    const fed = made.inputs.filter(({ role }) => role !== 'state');
    const results = made.outputs.filter(({ role }) => role === 'output');
    const ready: Ready<Memory> = {
      ...made,
      fed: new Map(fed.map((p) => [p.name, new Buffer32(this.runtime, sizeOf(p.shape))])),
      results: new Map(results.map((p) => [p.name, this.memory.take(p)])),
    };
    byShape.set(key, ready);
    return ready;
  }

  /** The program for the shapes of these inputs. */
  for(program: Program, inputs: HostTensors, scalars: ReadonlyMap<string, number>): Ready<Memory> {
    const shapes = new Map([...inputs].map(([name, { shape }]) => [name, shape] as const));
    return this.get(program, { inputs: shapes, scalars: [...scalars.keys()] });
  }

  /** Copies a run's inputs and scalars to where the program reads them. @returns these places */
  feed(
    program: Program,
    ready: Ready<Memory>,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Map<string, Pointer> {
    const pointers = new Map<string, Pointer>();
    for (const port of ready.inputs) {
      if (port.role === 'state') continue;
      const buffer = ready.fed.get(port.name);
      const scalar = scalars.get(port.name);
      const data = scalar === undefined ? inputs.get(port.name)?.data : [scalar];
      if (buffer === undefined || data?.length !== sizeOf(port.shape)) {
        throw programMismatch(program.name, `the input '${port.name}' has not the stated shape`);
      }
      buffer.data.set(data);
      pointers.set(port.value, buffer.view(port.physical));
    }
    return pointers;
  }

  /** Counts a run that begins; its outputs can be read until the next. */
  begin(
    program: Program,
    read: (names?: readonly string[]) => Promise<Map<string, HostTensor>>,
  ): ProgramOutputs {
    const run = ++this.runs;
    return {
      read: (names) => {
        if (run === this.runs) return read(names);
        throw programMismatch(program.name, 'its outputs were read after the next run');
      },
    };
  }

  /** How long it took to compile a program, for each set of shapes that it was run with. */
  compileTimes(program: Program): CompileTimes[] {
    return [...(this.ready.get(program)?.values() ?? [])].map(({ times }) => times);
  }

  close(): void {
    for (const ready of [...this.ready.values()].flatMap((byShape) => [...byShape.values()])) {
      ready.executable.release();
      for (const buffer of ready.fed.values()) buffer.release();
      for (const memory of ready.results.values()) this.memory.release(memory);
    }
    this.ready.clear();
  }
}
