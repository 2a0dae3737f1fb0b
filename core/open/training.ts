import { Channel } from './channel.js';
import type { TrainingEvent, TrainResult } from './events.js';

/** Carries an event to whoever iterates, and waits until the next one is asked for. */
export type Emit = (event: TrainingEvent) => Promise<void> | undefined;

/**
 * A training on its way. Awaited, it gives the result; iterated (`for await (const event of
 * training)`, once, from the start), it tells what happens, waits for the loop's body at each
 * event, and stops, with the state saved, where the loop is left.
 */
export class Training implements Promise<TrainResult>, AsyncIterable<TrainingEvent> {
  readonly [Symbol.toStringTag] = 'Training';
  readonly #stop = new AbortController();
  readonly #result: Promise<TrainResult>;
  #channel: Channel<TrainingEvent> | undefined;

  /**
   * @param run begins with what the caller can only hear once it has the training
   * @param run.watched whether somebody iterates
   */
  constructor(
    run: (told: {
      readonly emit: Emit;
      readonly watched: () => boolean;
      readonly stop: AbortController;
    }) => Promise<TrainResult>,
  ) {
    this.#result = run({
      emit: (event) => this.#channel?.send(event),
      watched: () => this.#channel !== undefined,
      stop: this.#stop,
    });
    // Whoever is at an event must not keep the training from its end.
    this.#stop.signal.addEventListener('abort', () => this.#channel?.close(), { once: true });
  }

  then<A = TrainResult, B = never>(
    onResult?: ((result: TrainResult) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onResult, onError);
  }

  catch<B = never>(
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<TrainResult | B> {
    return this.#result.catch(onError);
  }

  finally(onEnd?: (() => void) | null): Promise<TrainResult> {
    return this.#result.finally(onEnd);
  }

  [Symbol.asyncIterator](): AsyncGenerator<TrainingEvent, void, undefined> {
    const channel = (this.#channel ??= new Channel());
    const end = (): void => channel.close();
    this.#result.then(end, end);
    return this.#events(channel);
  }

  async *#events(channel: Channel<TrainingEvent>): AsyncGenerator<TrainingEvent, void, undefined> {
    try {
      for (;;) {
        const event = await channel.next();
        if (event === undefined) break;
        yield event;
      }
      yield { type: 'end', ...(await this.#result) };
    } finally {
      this.#stop.abort();
      await this.#result.catch(() => undefined);
    }
  }
}
