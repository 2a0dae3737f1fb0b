import { AsyncSeriesHook } from 'tapable';
import { pluginThrew } from '../errors/plugin.js';
import { guard, type HookSettings } from './guard.js';
import { tapInOrder, type Ordered, type TapOrder, type Waiting } from './order.js';

/** Build hooks contribute pure functions and declarations; run hooks have the side effects. */
export type HookKind = 'build' | 'run';

export type Tap<Payload> = (payload: Payload) => void | Promise<void>;

const nothing = Promise.resolve();

/**
 * One hook of the lifecycle: a tapable hook that knows the plugin of each tap, and guards it.
 * Taps go into it when all are known, since tapable never moves one afterwards.
 */
export class Hook<Payload> {
  /** Holds the taps in the order in which they run (after `seal`). */
  private readonly dispatch: AsyncSeriesHook<[Payload], Ordered>;
  private waiting: Waiting<Payload>[] | undefined = [];

  constructor(
    readonly name: string,
    readonly kind: HookKind,
    /** When it fires and what for; shown by `ncn hooks`. */
    readonly summary: string,
    settings: HookSettings,
  ) {
    this.dispatch = new AsyncSeriesHook(['payload'], name);
    this.dispatch.intercept({
      register: (tap) => {
        const run = (payload: Payload): unknown => Reflect.apply(tap.fn, undefined, [payload]);
        return { ...tap, type: 'promise', fn: guard(name, tap.plugin, run, settings) };
      },
    });
  }

  tap(plugin: string, fn: Tap<Payload>, order: TapOrder = {}): void {
    if (this.waiting === undefined) {
      throw pluginThrew(plugin, this.name, new Error('hooks can be tapped only during setup()'));
    }
    this.waiting.push({ plugin, order, fn });
  }

  /** Fixes the order. @throws NcnError where the order asked for is impossible */
  seal(plugins: ReadonlySet<string>): void {
    tapInOrder(this.dispatch, this.name, this.waiting ?? [], plugins);
    this.waiting = undefined;
  }

  /** The taps in the order in which they run (after `seal`). */
  get effective(): readonly Ordered[] {
    return this.dispatch.taps.filter(isOrdered);
  }

  /** Runs all taps, one after the other. */
  call(payload: Payload): Promise<void> {
    return this.dispatch.taps.length === 0 ? nothing : this.dispatch.promise(payload);
  }
}

/** tapable keeps what else it is told of a tap, but its types forget that. */
function isOrdered<T extends object>(tap: T): tap is T & Ordered {
  return 'plugin' in tap && 'order' in tap;
}
