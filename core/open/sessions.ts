import { chooseEngine } from '../engine/choose.js';
import { withFailuresTold } from '../engine/failures.js';
import type { EngineOptions, EngineProvider, EngineSession } from '../engine/types.js';
import { packageEngines } from '../modules/engines.js';
import { Draws } from '../trainer/build/draws.js';
import type { Prepared } from '../trainer/build/prepare.js';

/** How a caller names an engine: a name, an engine of its own, or a session that is open. */
export type EngineChoice = string | EngineProvider | EngineSession;

const isSession = (choice: EngineProvider | EngineSession): choice is EngineSession =>
  'run' in choice;

export function engineName(choice: EngineChoice | undefined): string | undefined {
  if (choice === undefined || typeof choice === 'string') return choice;
  return isSession(choice) ? choice.engine.name : choice.name;
}

/** The engine of an experiment at work: one session at a time, opened when it is needed. */
export class Sessions {
  #open: Promise<EngineSession> | undefined;
  #blank = true;
  #draws: Draws | undefined;

  constructor(
    private readonly choice: EngineChoice,
    private readonly options: EngineOptions,
  ) {}

  /** One to look at, whatever its state is. @throws NcnError where the engine is not there */
  async any(): Promise<EngineSession> {
    this.#open ??= this.#start();
    try {
      return await this.#open;
    } catch (error) {
      this.#open = undefined;
      throw error;
    }
  }

  /** Opens one for whoever asks for it soon, who also learns what went wrong. */
  async begin(): Promise<void> {
    this.#open ??= this.#start();
    await this.#open.catch(() => undefined);
  }

  /** One without a state, to write one. What was open before is closed. */
  async blank(): Promise<EngineSession> {
    if (!this.#blank) await this.close();
    const session = await this.any();
    this.#blank = false;
    return session;
  }

  /** Has the first state of an experiment made for a session meanwhile, where that is worthwhile. */
  draw(prepared: Prepared, session: EngineSession): Draws | undefined {
    return (this.#draws ??= Draws.begin(prepared, session));
  }

  /** Others on the same engine, for one at a time beside these. @param threads where not chosen */
  beside(threads: number): Sessions {
    return new Sessions(this.choice, { threads, ...this.options });
  }

  /** Closes what is open, but for a caller's own session; another can be opened. */
  async close(): Promise<void> {
    const opening = this.#open;
    this.#open = undefined;
    this.#blank = true;
    const draws = this.#draws;
    this.#draws = undefined;
    await draws?.close();
    const session = await opening?.catch(() => undefined);
    if (session !== undefined && session !== this.choice) await session.close();
  }

  async #start(): Promise<EngineSession> {
    const { choice, options } = this;
    if (typeof choice !== 'string' && isSession(choice)) return choice;
    const engine =
      typeof choice === 'string' ? await chooseEngine(choice, await packageEngines()) : choice;
    return withFailuresTold(await engine.open(options));
  }
}
