import { nativeFailure, programMismatch, sessionClosed, unknownState } from '../errors/compiled.js';
import type {
  ByteCache,
  EngineDescription,
  EngineSession,
  HostTensor,
  HostTensors,
  Program,
  ProgramMemory,
  ProgramOutputs,
  ProgramSignature,
  RecordedOperation,
  StatePlacing,
} from '../../core/engine/types.js';
import type { CompileTimes } from './compile.js';
import { Drafts } from './drafts.js';
import { at } from './ir/shape.js';
import type { LoweringOptions } from './lower/options.js';
import { CompiledPrograms, type Ready } from './programs.js';
import type { Pointer } from './runtime/api.js';
import type { Memory } from './runtime/memory.js';
import type { NativeOptions, Runtime } from './runtime/native.js';
import { State } from './state.js';
import { describeProgram, describeRecording } from './trace/describe.js';

/**
 * Executes programs as compiled graphs. State and outputs stay in its memory; outputs are copied
 * when somebody reads them.
 */
export class CompiledSession<Place> implements EngineSession {
  private readonly state: State<Place>;
  private readonly programs: CompiledPrograms<Place>;
  private readonly drafts: Drafts;
  /** Of the CPU's memory alone. */
  readonly memory?: NonNullable<EngineSession['memory']>;
  readonly placing?: StatePlacing;
  private runs = 0;
  private closed = false;
  /** What the library is at. */
  private readonly working = new Set<Promise<unknown>>();
  private lost: Error | undefined;

  /**
   * @param places are closed with the session
   * @param cache for what is made of programs
   */
  constructor(
    readonly engine: EngineDescription,
    runtime: Runtime,
    options: LoweringOptions & NativeOptions,
    private readonly places: Memory<Place>,
    cache?: ByteCache,
  ) {
    this.state = new State(places);
    if (places.adopt !== undefined) this.placing = this.state.placing(places.adopt.bind(places));
    this.drafts = new Drafts(options, cache);
    if (options.provider === undefined) {
      this.memory = (...given): ProgramMemory => this.drafts.memory(...given);
    }
    this.programs = new CompiledPrograms(runtime, options, this.drafts, this.state, places);
  }

  async write(state: HostTensors): Promise<void> {
    this.check();
    await this.state.write(state);
  }

  async read(names: Iterable<string> = this.state.names()): Promise<Map<string, HostTensor>> {
    this.check();
    return this.state.read([...names]);
  }

  validate(
    program: Program,
    state: ReadonlyMap<string, readonly number[]>,
    signature: ProgramSignature,
  ): void {
    this.drafts.recorded(program, state, signature);
  }

  /** By what was recorded to check it, where that is still there: recording takes a while. */
  describe(...given: Parameters<typeof describeProgram>): RecordedOperation[] {
    const recording = this.drafts.peek(...given);
    return recording === undefined ? describeProgram(...given) : describeRecording(recording);
  }

  begin(...given: Parameters<CompiledPrograms<Place>['begin']>): void {
    this.check();
    this.programs.begin(...given);
  }

  async prepare(program: Program, signature: ProgramSignature): Promise<void> {
    this.check();
    await this.untilClosed(this.programs.get(program, signature));
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
    const found = this.programs.for(program, inputs, scalars);
    // What is fed is copied before this returns, wherever nothing must be waited for.
    const ready = found instanceof Promise ? await this.untilClosed(found) : found;
    this.check();
    const run = ++this.runs;
    const fed = this.programs.feed(program, ready, inputs, scalars);
    await this.execute(program, ready, fed);
    return {
      read: (names) => {
        this.check();
        if (run === this.runs) return this.readOutputs(ready, names);
        throw programMismatch(program.name, 'its outputs were read after the next run');
      },
    };
  }

  /** Once the library has ended what it is at: it works in memory that is freed here. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.allSettled(this.working);
    this.programs.close();
    this.state.close();
    this.places.close();
  }

  private check(): void {
    if (this.closed) throw sessionClosed();
    if (this.lost !== undefined) throw this.lost;
  }

  private async execute(
    program: Program,
    ready: Ready<Place>,
    fed: ReadonlyMap<string, Pointer>,
  ): Promise<void> {
    const inputs = new Map(fed);
    for (const { role, name, value, physical } of ready.inputs) {
      if (role === 'state') inputs.set(value, this.places.view(this.state.place(name), physical));
    }
    const changes = this.placesForChanges(ready);
    const outputs = new Map<string, Pointer>();
    for (const { role, name, value, physical } of ready.outputs) {
      const place = (role === 'state' ? changes : ready.results).get(name);
      if (place !== undefined) outputs.set(value, this.places.view(place, physical));
    }
    try {
      if (outputs.size > 0) await this.untilClosed(ready.executable.run(inputs, outputs));
    } catch (error) {
      const failure = nativeFailure(`run program '${program.name}'`, error);
      // Half of the old moments may be overwritten: better no state than a wrong one.
      if (ready.outputs.some(({ inPlace }) => inPlace === true)) this.lost ??= failure;
      this.discard(changes);
      throw failure;
    }
    for (const [name, place] of changes) this.state.replace(name, place);
  }

  /** Remembers what the library does as long as it takes. */
  private async untilClosed<T>(work: T | Promise<T>): Promise<T> {
    const done = Promise.resolve(work);
    this.working.add(done);
    try {
      return await done;
    } finally {
      this.working.delete(done);
    }
  }

  /** For each new value fresh memory, or the old value's own where the program allows it. */
  private placesForChanges(ready: Ready<Place>): Map<string, Place> {
    const places = new Map<string, Place>();
    try {
      for (const { role, name, physical, inPlace } of ready.outputs) {
        if (role !== 'state') continue;
        places.set(name, inPlace === true ? this.state.place(name) : this.places.take(physical));
      }
      return places;
    } catch (error) {
      this.discard(places);
      throw error;
    }
  }

  /** Gives back the memory of new values that came to nothing. */
  private discard(changes: ReadonlyMap<string, Place>): void {
    for (const [name, place] of changes) {
      if (place !== this.state.place(name)) this.places.giveBack(place);
    }
  }

  private async readOutputs(
    ready: Ready<Place>,
    names: readonly string[] = [...ready.results.keys()],
  ): Promise<Map<string, HostTensor>> {
    const shapes = new Map(
      ready.outputs.flatMap(({ role, name, shape }) => (role === 'output' ? [[name, shape]] : [])),
    );
    const wanted = names.map((name) => {
      const [shape, place] = [shapes.get(name), ready.results.get(name)];
      if (shape === undefined || place === undefined) throw unknownState(name);
      return { name, shape, place };
    });
    const tensors = await this.places.read(
      wanted.map(({ place }) => place),
      (values, i): [string, HostTensor] => {
        const { name, shape } = at(wanted, i);
        return [name, { shape: [...shape], data: values.slice() }];
      },
    );
    return new Map(tensors);
  }
}
