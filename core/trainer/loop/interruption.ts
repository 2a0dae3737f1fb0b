import { hangupIgnored } from '../../services/hangup.js';

/** What can stop a run: a signal of the operating system, or a caller's AbortSignal. */
export type StopSignal = NodeJS.Signals | 'abort';

/** Thrown at a safe point when something has asked the run to stop; the trainer saves and ends. */
export class Interrupted extends Error {
  constructor(readonly signal: StopSignal) {
    super(`stopped by ${signal}`);
    this.name = 'Interrupted';
  }
}

/** Milliseconds in which a signal may come twice, as npm and terminals send it, and mean one. */
const echo = 50;

/**
 * Turns signals into a flag that is honoured at the next safe point. A second signal ends the
 * process at once, but for SIGHUP: a terminal that goes away is said by many.
 */
export class SignalWatch {
  private received: NodeJS.Signals | undefined;
  private receivedAt = 0;
  private readonly handlers = new Map<NodeJS.Signals, () => void>();

  /** @param announce is told about the first signal */
  constructor(private readonly announce: (signal: NodeJS.Signals) => void) {}

  start(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      if (signal === 'SIGHUP' && hangupIgnored()) continue;
      const handler = (): void => {
        this.onSignal(signal);
      };
      this.handlers.set(signal, handler);
      process.on(signal, handler);
    }
  }

  stop(): void {
    for (const [signal, handler] of this.handlers) process.off(signal, handler);
    this.handlers.clear();
  }

  /** @throws Interrupted when a signal has arrived */
  check(): void {
    if (this.received !== undefined) throw new Interrupted(this.received);
  }

  private onSignal(signal: NodeJS.Signals): void {
    if (this.received !== undefined) {
      const repeated = signal === this.received && performance.now() - this.receivedAt < echo;
      if (signal === 'SIGHUP' || repeated) return;
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    this.received = signal;
    this.receivedAt = performance.now();
    this.announce(signal);
  }
}
