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
import { compile, type Compiled } from '../compile.js';
import { sameShape, sizeOf } from '../ir/shape.js';
import type { LoweringOptions } from '../lower/context.js';
import { physicalShape } from '../lower/layout.js';
import { stateLayout, type Port } from '../lower/lower.js';
import type { Pointer } from '../runtime/api.js';
import { Buffer32, type NativeOptions, type Runtime } from '../runtime/native.js';
import { fromMemory, toMemory } from '../state.js';
import { record } from '../trace/record.js';
import type { DeviceMemory, DeviceTensor } from './memory.js';

interface Entry {
  readonly shape: readonly number[];
  tensor: DeviceTensor;
}

/** A compiled program, host memory for what is fed, device memory for what comes out. */
interface Ready extends Compiled {
  readonly fed: ReadonlyMap<string, Buffer32>;
  readonly results: ReadonlyMap<string, DeviceTensor>;
}

/** How each program is lowered for a device: one operator for one kernel of it. */
const lowering: LoweringOptions = { block: 0, chunk: 0, portable: true };

/**
 * Executes programs as compiled graphs on a device. State and outputs stay in its memory; outputs
 * are copied when somebody reads them.
 */
export class DeviceSession implements EngineSession {
  private readonly state = new Map<string, Entry>();
  private readonly ready = new Map<Program, Map<string, Ready>>();
  private runs = 0;
  private closed = false;

  constructor(
    readonly engine: EngineDescription,
    private readonly runtime: Runtime,
    private readonly options: NativeOptions,
    private readonly memory: DeviceMemory,
  ) {}

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

  async prepare(program: Program, signature: ProgramSignature): Promise<void> {
    this.check();
    this.compiled(program, signature);
    return Promise.resolve();
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
    await this.execute(program, ready, inputs, scalars);
    return {
      read: (names) => {
        if (run === this.runs) return this.readOutputs(ready, names);
        throw programMismatch(program.name, 'its outputs were read after the next run');
      },
    };
  }

  async close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    for (const ready of [...this.ready.values()].flatMap((byShape) => [...byShape.values()])) {
      ready.executable.release();
      for (const buffer of ready.fed.values()) buffer.release();
      for (const tensor of ready.results.values()) this.memory.release(tensor);
    }
    for (const { tensor } of this.state.values()) this.memory.release(tensor);
    this.ready.clear();
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

  private compiled(program: Program, signature: ProgramSignature): Ready {
    const byShape = this.ready.get(program) ?? new Map<string, Ready>();
    this.ready.set(program, byShape);
    const key = JSON.stringify([[...signature.inputs], [...signature.scalars].sort()]);
    const known = byShape.get(key);
    if (known !== undefined) return known;
    const shapes = new Map([...this.state].map(([name, { shape }]) => [name, shape] as const));
    const made = compile(this.runtime, program, shapes, signature, {
      ...lowering,
      ...this.options,
    });
    const fed = made.inputs.filter(({ role }) => role !== 'state');
    const results = made.outputs.filter(({ role }) => role === 'output');
    const ready: Ready = {
      ...made,
      fed: new Map(fed.map((p) => [p.name, new Buffer32(this.runtime, sizeOf(p.shape))])),
      results: new Map(results.map((p) => [p.name, this.memory.take(p.physical)])),
    };
    byShape.set(key, ready);
    return ready;
  }

  /** A run's inputs in the device's memory or, for what is fed, in the host's. */
  private feed(
    program: Program,
    ready: Ready,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Map<string, Pointer> {
    const pointers = new Map<string, Pointer>();
    for (const port of ready.inputs) {
      if (port.role === 'state') {
        const { shape, tensor } = this.entry(port.name);
        if (!sameShape(shape, port.shape)) {
          throw programMismatch(program.name, `the state '${port.name}' has changed its shape`);
        }
        pointers.set(port.value, tensor.value);
        continue;
      }
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

  private async execute(
    program: Program,
    ready: Ready,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<void> {
    const given = this.feed(program, ready, inputs, scalars);
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

  private placeFor(port: Port, ready: Ready, changes: Map<string, DeviceTensor>): DeviceTensor {
    const result = port.role === 'output' ? ready.results.get(port.name) : undefined;
    if (result !== undefined) return result;
    const tensor = this.memory.take(port.physical);
    changes.set(port.name, tensor);
    return tensor;
  }

  private async readOutputs(
    ready: Ready,
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
