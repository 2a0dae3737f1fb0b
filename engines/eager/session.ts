import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { engineFailed } from '../errors/engine.js';
import type {
  EngineDescription,
  EngineSession,
  HostTensor,
  HostTensors,
  Program,
  ProgramOutputs,
  Tensors,
} from '../../core/engine/types.js';

/** What an engine has to add to tf.js's handling of its device. */
export interface DeviceHooks {
  /** Throws what the device reported during a run, whose results are then not taken over. */
  readonly afterRun?: () => Promise<void>;
  /** What to throw in place of what a run threw. */
  readonly explain?: (error: unknown) => unknown;
  /** Last step of closing. */
  readonly shutDown?: () => Promise<void>;
}

/** Executes programs operation by operation on a tf.js backend; the state stays on it. */
export class EagerSession implements EngineSession {
  private readonly state = new Map<string, Tensor>();
  private outputs = new Map<string, Tensor>();
  private closed = false;

  /** @param backend name under which the backend is registered in tf.js */
  constructor(
    readonly engine: EngineDescription,
    private readonly backend: string,
    private readonly device: DeviceHooks = {},
  ) {}

  async write(state: HostTensors): Promise<void> {
    await this.activate();
    await this.explained(() => {
      this.reactivate();
      for (const [name, { shape, data }] of state) {
        // A copy: tf.js keeps the array that it is given. Where it does not fit its shape the old one stays.
        const tensor = tf.tensor(data.slice(), [...shape], 'float32');
        this.state.get(name)?.dispose();
        this.state.set(name, tensor);
      }
    });
  }

  async read(names: Iterable<string> = this.state.keys()): Promise<Map<string, HostTensor>> {
    return readAll(this.state, names, this.engine.name);
  }

  async prepare(): Promise<void> {
    await this.activate();
  }

  async run(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): Promise<ProgramOutputs> {
    await this.activate();
    this.disposeOutputs();
    const { state, outputs } = await this.executed(program, inputs, scalars);
    for (const [name, tensor] of state) {
      this.state.get(name)?.dispose();
      this.state.set(name, tensor);
    }
    this.outputs = outputs;
    return { read: (names = [...outputs.keys()]) => readAll(outputs, names, this.engine.name) };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.disposeOutputs();
    for (const tensor of this.state.values()) tensor.dispose();
    this.state.clear();
    await this.device.shutDown?.();
  }

  private async executed(
    ...run: Parameters<EagerSession['execute']>
  ): Promise<ReturnType<EagerSession['execute']>> {
    return this.explained(async () => {
      const results = this.execute(...run);
      try {
        await this.device.afterRun?.();
      } catch (error) {
        for (const tensor of [...results.state.values(), ...results.outputs.values()]) {
          tensor.dispose();
        }
        throw error;
      }
      return results;
    });
  }

  private async explained<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.device.explain?.(error) ?? error;
    }
  }

  private execute(
    program: Program,
    inputs: HostTensors,
    scalars: ReadonlyMap<string, number>,
  ): { state: Map<string, Tensor>; outputs: Map<string, Tensor> } {
    this.reactivate();
    const kept: NamedTensorMap = tf.tidy(() => {
      const feeds = new Map<string, Tensor>();
      for (const [name, { shape, data }] of inputs) {
        feeds.set(name, tf.tensor(data.slice(), [...shape], 'float32'));
      }
      const numbers = new Map<string, Tensor>();
      for (const [name, value] of scalars) numbers.set(name, tf.scalar(value, 'float32'));
      const result = program.body({ state: this.state, inputs: feeds, scalars: numbers });
      return {
        ...prefixed('s:', this.checked(program, result.state)),
        ...prefixed('o:', result.outputs),
      };
    });
    const split = (prefix: string) =>
      new Map(
        Object.entries(kept)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
      );
    return { state: split('s:'), outputs: split('o:') };
  }

  private checked(program: Program, state: Tensors): Tensors {
    for (const [name, tensor] of state) {
      const old = this.state.get(name);
      if (old?.shape.join() === tensor.shape.join()) continue;
      const was = old === undefined ? 'nothing' : `[${old.shape.join(', ')}]`;
      throw engineFailed(
        this.engine.name,
        `program '${program.name}' wants to change '${name}' from ${was} to [${tensor.shape.join(', ')}]`,
      );
    }
    return state;
  }

  private async activate(): Promise<void> {
    if (tf.getBackend() !== this.backend) await tf.setBackend(this.backend);
  }

  /** Another session may have set its own backend meanwhile. What was ready once is set at once. */
  private reactivate(): void {
    if (tf.getBackend() !== this.backend) void tf.setBackend(this.backend);
  }

  private disposeOutputs(): void {
    for (const tensor of this.outputs.values()) tensor.dispose();
    this.outputs = new Map();
  }
}

/** A clone of each: two names may stand for one tensor, and each is disposed of on its own. */
function prefixed(prefix: string, tensors: Tensors): NamedTensorMap {
  return Object.fromEntries([...tensors].map(([name, t]) => [prefix + name, tf.clone(t)]));
}

async function readAll(
  tensors: ReadonlyMap<string, Tensor>,
  names: Iterable<string>,
  engine: string,
): Promise<Map<string, HostTensor>> {
  const result = new Map<string, HostTensor>();
  for (const name of names) {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw engineFailed(engine, `there is no tensor '${name}' to read`);
    const data = await tensor.data<'float32'>();
    result.set(name, { shape: [...tensor.shape], data: Float32Array.from(data) });
  }
  return result;
}
