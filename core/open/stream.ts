import { sizeOfShape } from '../data/examples.js';
import type { Shape } from '../data/types.js';
import type { EngineSession, HostTensor } from '../engine/types.js';
import { pieceSize, streamClosed } from '../errors/open.js';
import type { Checkpoint } from '../run/checkpoints.js';
import { evaluatedPrefix, outputName, stateOfMain } from '../step/inference.js';
import { buildStream, type NetworkStream } from '../step/stream.js';
import { checkNetworks } from '../trainer/build/misfits.js';
import type { Prepared } from '../trainer/build/prepare.js';
import { checkInputNames } from './infer.js';
import type { Sessions } from './sessions.js';
import type { OpenStream } from './types.js';

/** @throws NcnError where the main network does not say that it can run in pieces */
export async function openStream(
  { built }: Prepared,
  { tensors, update }: Checkpoint,
  beside: Sessions,
): Promise<OpenStream> {
  checkNetworks(built, tensors, update);
  const { networks, blueprint } = built;
  const { main, stateTransforms } = blueprint;
  const network = networks.get(main);
  if (network === undefined) throw new TypeError('an experiment has a main network');
  const prefix = evaluatedPrefix(stateTransforms);
  const stream = buildStream(network, prefix);
  // Pieces are small: threads would only wait for each other.
  const sessions = beside.beside(1);
  const session = await sessions.blank();
  const pieces = [...stream.inputShapes].map(([name, shape]) => [name, [1, ...shape]] as const);
  try {
    await session.write(new Map([...stateOfMain(tensors, main, prefix), ...stream.memory]));
    await session.prepare(stream.program, { inputs: new Map(pieces), scalars: [] });
  } catch (error) {
    await sessions.close();
    throw error;
  }
  return new NetworkAtWork(stream, main, update, session, () => sessions.close());
}

class NetworkAtWork implements OpenStream {
  readonly hop: number;
  readonly latency: number;
  readonly inputs: ReadonlyMap<string, Shape>;
  /** Settles when the pieces so far are done: they come one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly stream: NetworkStream,
    private readonly network: string,
    readonly update: number,
    private readonly session: EngineSession,
    private readonly free: () => Promise<void>,
  ) {
    this.hop = stream.hop;
    this.latency = stream.latency;
    this.inputs = stream.inputShapes;
  }

  push(inputs: Readonly<Record<string, Float32Array>>): Promise<Float32Array> {
    return this.#inTurn(async () => {
      const outputs = await this.session.run(this.stream.program, this.#tensors(inputs), new Map());
      const output = (await outputs.read([outputName])).get(outputName);
      return output?.data.slice() ?? new Float32Array();
    });
  }

  reset(): Promise<void> {
    return this.#inTurn(() => this.session.write(this.stream.memory));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue;
    await this.free();
  }

  #tensors(given: Readonly<Record<string, Float32Array>>): Map<string, HostTensor> {
    checkInputNames({ name: this.network, inputs: this.inputs }, Object.keys(given));
    return new Map(
      [...this.inputs].map(([name, shape]) => {
        const data = given[name] ?? new Float32Array();
        if (data.length !== sizeOfShape(shape)) {
          throw pieceSize(this.network, name, shape, data.length);
        }
        return [name, { shape: [1, ...shape], data }];
      }),
    );
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    if (this.#closed) return Promise.reject(streamClosed());
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
