import { AsyncSeriesHook } from 'tapable';
import { pluginHung, pluginThrew } from '../errors/plugin.js';
import { orderTaps, type Ordered, type TapOrder } from './order.js';

/** Build hooks contribute pure functions and declarations; run hooks have the side effects. */
export type HookKind = 'build' | 'run';

export type Tap<Payload> = (payload: Payload) => void | Promise<void>;

/** How long taps took, by plugin (milliseconds). */
export type TimeAccount = Map<string, number>;

export interface HookSettings {
  /** Seconds after which an unfinished tap is an error. */
  timeoutSeconds: number;
  /** Called around each tap, for tracing. */
  trace?: (hook: string, plugin: string, milliseconds: number) => void;
  readonly account: TimeAccount;
  /** The plugin whose tap is running: whoever contributes something now. */
  running?: string | undefined;
}

export interface HookTap<Payload> extends Ordered {
  readonly fn: Tap<Payload>;
}

/**
 * One hook of the lifecycle: a tapable hook whose taps are ordered by named stages, timed, bounded
 * in time, and whose errors name the plugin and the hook.
 */
export class Hook<Payload> {
  private readonly taps: HookTap<Payload>[] = [];
  private ordered: readonly HookTap<Payload>[] = [];
  private dispatch: AsyncSeriesHook<[Payload]> | undefined;

  constructor(
    readonly name: string,
    readonly kind: HookKind,
    /** When it fires and what for; shown by `ncn hooks`. */
    readonly summary: string,
    private readonly settings: HookSettings,
  ) {}

  tap(plugin: string, fn: Tap<Payload>, order: TapOrder = {}): void {
    if (this.dispatch !== undefined) {
      throw pluginThrew(plugin, this.name, new Error('hooks can be tapped only during setup()'));
    }
    this.taps.push({ plugin, fn, order });
  }

  /** Fixes the order. @throws NcnError where the order asked for is impossible */
  seal(plugins: ReadonlySet<string>): void {
    this.ordered = orderTaps(this.name, this.taps, plugins);
    const hook = new AsyncSeriesHook<[Payload]>(['payload'], this.name);
    for (const { plugin, fn } of this.ordered)
      hook.tapPromise(plugin, (p) => this.guarded(plugin, fn, p));
    this.dispatch = hook;
  }

  /** The taps in the order in which they run (after `seal`). */
  get effective(): readonly HookTap<Payload>[] {
    return this.ordered;
  }

  /** Runs all taps, one after the other. */
  async call(payload: Payload): Promise<void> {
    if (this.ordered.length === 0) return;
    await this.dispatch?.promise(payload);
  }

  private async guarded(plugin: string, fn: Tap<Payload>, payload: Payload): Promise<void> {
    const start = performance.now();
    const outer = this.settings.running;
    this.settings.running = plugin;
    try {
      const pending = fn(payload);
      if (pending !== undefined) await this.withinBudget(plugin, pending);
    } catch (error) {
      throw pluginThrew(plugin, this.name, error);
    } finally {
      this.settings.running = outer;
      const took = performance.now() - start;
      this.settings.account.set(plugin, (this.settings.account.get(plugin) ?? 0) + took);
      this.settings.trace?.(this.name, plugin, took);
    }
  }

  private async withinBudget(plugin: string, pending: Promise<void>): Promise<void> {
    const seconds = this.settings.timeoutSeconds;
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(pluginHung(plugin, this.name, seconds)), seconds * 1000);
    });
    try {
      await Promise.race([pending, expiry]);
    } finally {
      clearTimeout(timer);
    }
  }
}
