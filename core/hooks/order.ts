import { didYouMean } from '../errors/nearest.js';
import { NcnError, ExitCode } from '../errors/error.js';

/** The named stages of a hook, in the order in which they run. */
export const stages = ['first', 'early', 'normal', 'late', 'last'] as const;
export type Stage = (typeof stages)[number];

/** Where a tap stands among the others of its hook. */
export interface TapOrder {
  /** Default `normal`. */
  readonly stage?: Stage;
  /** Plugins whose taps must run after this one. They must be loaded. */
  readonly before?: string | readonly string[];
  /** Plugins whose taps must run before this one. They must be loaded. */
  readonly after?: string | readonly string[];
}

export interface Ordered {
  readonly plugin: string;
  readonly order: TapOrder;
}

const listOf = (names: string | readonly string[] | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === 'string' ? [names] : names;

/**
 * The taps in the order in which they run: by stage, then as `before` and `after` ask, else as
 * registered.
 * @param plugins all loaded plugins: a name outside is an error, not a silent nothing
 * @throws NcnError for an unknown stage, an unknown plugin, or a circle
 */
export function orderTaps<T extends Ordered>(
  hook: string,
  taps: readonly T[],
  plugins: ReadonlySet<string>,
): T[] {
  const mustPrecede = new Map<T, Set<T>>(taps.map((tap) => [tap, new Set()]));
  for (const tap of taps) {
    checkStage(hook, tap);
    for (const other of namedTaps(hook, tap, 'after', taps, plugins))
      mustPrecede.get(tap)?.add(other);
    for (const other of namedTaps(hook, tap, 'before', taps, plugins))
      mustPrecede.get(other)?.add(tap);
  }
  const waiting = [...taps].sort((a, b) => stageIndex(a) - stageIndex(b));
  const done: T[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((tap) =>
      [...(mustPrecede.get(tap) ?? [])].every((other) => done.includes(other)),
    );
    if (next < 0) throw circle(hook, waiting);
    done.push(...waiting.splice(next, 1));
  }
  return done;
}

function stageIndex(tap: Ordered): number {
  return stages.indexOf(tap.order.stage ?? 'normal');
}

function checkStage(hook: string, tap: Ordered): void {
  if (stageIndex(tap) >= 0) return;
  throw new NcnError(
    `Plugin '${tap.plugin}' taps hook '${hook}' at the unknown stage '${String(tap.order.stage)}'.`,
    {
      code: 'NCN_HOOK_STAGE',
      exit: ExitCode.plugin,
      hint: didYouMean(String(tap.order.stage), stages),
    },
  );
}

function namedTaps<T extends Ordered>(
  hook: string,
  tap: T,
  relation: 'before' | 'after',
  taps: readonly T[],
  plugins: ReadonlySet<string>,
): T[] {
  return listOf(tap.order[relation]).flatMap((name) => {
    if (!plugins.has(name)) {
      throw new NcnError(
        `Plugin '${tap.plugin}' wants to run ${relation} '${name}' in hook '${hook}', but no such plugin is loaded.`,
        { code: 'NCN_HOOK_ORDER', exit: ExitCode.plugin, hint: didYouMean(name, plugins) },
      );
    }
    return taps.filter((other) => other.plugin === name && other !== tap);
  });
}

function circle(hook: string, waiting: readonly Ordered[]): NcnError {
  const names = waiting.map((tap) => tap.plugin).join(', ');
  return new NcnError(`The order of hook '${hook}' is a circle between: ${names}.`, {
    code: 'NCN_HOOK_CIRCLE',
    exit: ExitCode.plugin,
    hint: "Remove one of their 'before' or 'after' demands.",
  });
}
