import {
  nativeFailure,
  programMismatch,
  sessionClosed,
  unknownState,
} from '../../../errors/compiled.js';
import type {
  EngineDescription,
  EngineSession,
  HostTensor,
  HostTensors,
  Program,
  ProgramOutputs,
  ProgramSignature,
} from '../../types.js';
import { sameShape } from '../ir/shape.js';
import type { LoweringOptions } from '../lower/options.js';
import { physicalShape, stateLayout } from '../lower/layout.js';
import type { Port } from '../lower/port.js';
import type { Pointer } from '../runtime/api.js';
import { CompiledPrograms, type Ready } from '../programs.js';
import type { NativeOptions, Runtime } from '../runtime/native.js';
import { fromMemory, toMemory } from '../state.js';
import { describeProgram } from '../trace/describe.js';
import { record } from '../trace/record.js';
import type { DeviceMemory, DeviceTensor } from './memory.js';

interface Entry {
  readonly shape: readonly number[];
  tensor: DeviceTensor;
}

type ReadyHere = Ready<DeviceTensor>;

/** How each program is lowered for a device: one operator for one kernel of it. */
const lowering: LoweringOptions = { block: 0, chunk: 0, portable: true };

/**
 * Executes programs as compiled graphs on a device. State and outputs stay in its memory; outputs
 * are copied when somebody reads them.
 */
export class DeviceSession implements EngineSession {
  private readonly state = new Map<string, Entry>();
  private readonly programs: CompiledPrograms<DeviceTensor>;
  private closed = false;

  constructor(
    readonly engine: EngineDescription,
    runtime: Runtime,
    options: NativeOptions,
    private readonly memory: DeviceMemory,
  ) {
    const shapes = (): Map<string, readonly number[]> =>
      new Map([...this.state].map(([name, { shape }]) => [name, shape]));
    this.programs = new CompiledPrograms(runtime, { ...lowering, ...options }, shapes, {
      take: ({ physical }) => this.memory.take(physical),
      release: (tensor) => {
        this.memory.release(tensor);
      },
    });
  }

  async write(state: HostTensors): Promise<void> {
    this.check();
    for (const [name, { shape, data }] of state) {
      const old = this.state.get(name);
      const keep = old !== undefined && sameShape(old.shape, shape);
      if (old !== undefined && !keep) this.memory.giveBack(old.tensor);
      const tensor = keep ? old.tensor : this.memory.take(physicalShape(shape, stateLayout));
      await this.memory.upload(toMemory(data, shape), tensor);
      this.state.set(name, { shape: [...shape], tensor });
    }
  }

  async read(names: Iterable<string> = this.state.keys()): Promise<Map<string, HostTensor>> {
    this.check();
    const result = new Map<string, HostTensor>();
    for (const name of names) {
      const { shape, tensor } = this.entry(name);
      const data = fromMemory(await this.memory.download(tensor), shape);
      result.set(name, { shape: [...shape], data });
    }
    return result;
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

  async run(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<ProgramOutputs> {
    this.check();
    const ready = this.programs.for(program, inputs, scalars);
    const outputs = this.programs.begin(program, (names) => this.readOutputs(ready, names));
    await this.execute(program, ready, inputs, scalars);
    return outputs;
  }

  async close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    this.programs.close();
    for (const { tensor } of this.state.values()) this.memory.release(tensor);
    this.state.clear();
    this.memory.close();
    return Promise.resolve();
  }

  private check(): void {
    if (this.closed) throw sessionClosed();
  }

  private entry(name: string): Entry {
    const entry = this.state.get(name);
    if (entry === undefined) throw unknownState(name);
    return entry;
  }

  /** The state that a program reads, in the device's memory. */
  private stateOf(program: Program, ready: ReadyHere): Map<string, Pointer> {
    const pointers = new Map<string, Pointer>();
    for (const port of ready.inputs) {
      if (port.role !== 'state') continue;
      const { shape, tensor } = this.entry(port.name);
      if (!sameShape(shape, port.shape)) {
        throw programMismatch(program.name, `the state '${port.name}' has changed its shape`);
      }
      pointers.set(port.value, tensor.value);
    }
    return pointers;
  }

  private async execute(
    program: Program,
    ready: ReadyHere,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<void> {
    const fed = this.programs.feed(program, ready, inputs, scalars);
    const given = new Map([...this.stateOf(program, ready), ...fed]);
    const changes = new Map<string, DeviceTensor>();
    const outputs = new Map<string, Pointer>();
    for (const port of ready.outputs) {
      const tensor = this.placeFor(port, ready, changes);
      outputs.set(port.value, tensor.value);
    }
    try {
      if (outputs.size > 0) await ready.executable.run(given, outputs);
    } catch (error) {
      for (const tensor of changes.values()) this.memory.giveBack(tensor);
      throw nativeFailure(`run program '${program.name}'`, error);
    }
    for (const [name, tensor] of changes) {
      const entry = this.entry(name);
      this.memory.giveBack(entry.tensor);
      entry.tensor = tensor;
    }
  }

  private placeFor(port: Port, ready: ReadyHere, changes: Map<string, DeviceTensor>): DeviceTensor {
    const result = port.role === 'output' ? ready.results.get(port.name) : undefined;
    if (result !== undefined) return result;
    const tensor = this.memory.take(port.physical);
    changes.set(port.name, tensor);
    return tensor;
  }

  private async readOutputs(
    ready: ReadyHere,
    names: readonly string[] = [...ready.results.keys()],
  ): Promise<Map<string, HostTensor>> {
    const result = new Map<string, HostTensor>();
    for (const name of names) {
      const tensor = ready.results.get(name);
      if (tensor === undefined) throw unknownState(name);
      const data = await this.memory.download(tensor);
      result.set(name, { shape: [...tensor.shape], data });
    }
    return result;
  }
}
