/** Hands values from one side to the other; the sender waits until the next one is asked for. */
export class Channel<T> {
  #offered: { readonly value: T; readonly taken: () => void } | undefined;
  /** Lets the sender of the value that was taken last go on. */
  #release: (() => void) | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  /** Resolves when the receiver is through with the value, or there is no receiver any more. */
  send(value: T): Promise<void> | undefined {
    if (this.#closed) return undefined;
    return new Promise((taken) => {
      this.#offered = { value, taken };
      this.#wake?.();
    });
  }

  /** The next value; undefined when there is none any more. */
  async next(): Promise<T | undefined> {
    this.#release?.();
    this.#release = undefined;
    while (this.#offered === undefined && !this.#closed) {
      await new Promise<void>((wake) => (this.#wake = wake));
    }
    const offered = this.#offered;
    this.#offered = undefined;
    this.#release = offered?.taken;
    return offered?.value;
  }

  /** Lets both sides go. */
  close(): void {
    this.#closed = true;
    this.#release?.();
    this.#offered?.taken();
    this.#wake?.();
  }
}
