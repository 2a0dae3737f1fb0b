import type { AsyncSeriesHook } from 'tapable';
import { hookCycle, unknownNeighbour, unknownStage } from '../errors/hooks.js';

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

/** A tap that is not in its hook yet. */
export interface Waiting<Payload> extends Ordered {
  readonly fn: (payload: Payload) => unknown;
}

interface Named extends Ordered {
  readonly name: string;
}

/**
 * Taps a hook so that taps run by stage and then as registered. A tap with demands moves, the
 * others do not where the demands leave a choice: it runs right before the first of those that it
 * must precede, or else at the end of the last stage of those that it must follow.
 *
 * tapable does the ordering, by number of stage and by `before`. It has no `after`, looks at the
 * taps that are in the hook already and never moves one, and takes a name for one tap. So every tap
 * has a name of its own, those with demands are put in last, and each is told its place among the
 * taps that are there: `after` raises the number of its stage.
 * @param plugins all loaded plugins: a name outside is an error, not a silent nothing
 * @throws NcnError for an unknown stage, an unknown plugin, or a cycle
 */
export function tapInOrder<Payload>(
  dispatch: AsyncSeriesHook<[Payload], Ordered>,
  hook: string,
  waiting: readonly Waiting<Payload>[],
  plugins: ReadonlySet<string>,
): void {
  const named = waiting.map((tap, i) => ({ ...tap, name: `${tap.plugin} ${i + 1}` }));
  const followers = followersOf(hook, named, plugins);
  const precedes = (a: string, b: string): boolean => followers.get(a)?.has(b) === true;
  const free = named.filter(({ order }) => !hasDemands(order));
  const demanding = named.filter(({ order }) => hasDemands(order));
  for (const { name, plugin, order, fn } of [...free, ...demanding]) {
    const before = dispatch.taps.find((other) => precedes(name, other.name))?.name;
    const earlier = dispatch.taps.filter((other) => precedes(other.name, name));
    const stage = Math.max(stageNumber(order), ...earlier.map((other) => other.stage ?? 0));
    dispatch.tap({ name, plugin, order, stage, ...(before === undefined ? {} : { before }) }, fn);
  }
}

/** For each tap, by name, all that must run after it, be it by way of others. */
function followersOf(
  hook: string,
  taps: readonly Named[],
  plugins: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const followers = new Map(taps.map(({ name }) => [name, new Set<string>()]));
  for (const tap of taps) {
    const { plugin, order } = tap;
    if (stageNumber(order) < 0) throw unknownStage(hook, plugin, String(order.stage), stages);
    const tapsOf = (relation: 'before' | 'after'): Named[] =>
      listOf(order[relation]).flatMap((name) => {
        if (!plugins.has(name)) throw unknownNeighbour(hook, plugin, relation, name, plugins);
        return taps.filter((other) => other.plugin === name && other !== tap);
      });
    for (const other of tapsOf('after')) followers.get(other.name)?.add(tap.name);
    for (const other of tapsOf('before')) followers.get(tap.name)?.add(other.name);
  }
  for (const reached of followers.values()) {
    // A set also yields what is added to it on the way.
    for (const name of reached) for (const next of followers.get(name) ?? []) reached.add(next);
  }
  const cycle = taps.filter(({ name }) => followers.get(name)?.has(name));
  if (cycle.length > 0) {
    throw hookCycle(
      hook,
      cycle.map(({ plugin }) => plugin),
    );
  }
  return followers;
}

const stageNumber = ({ stage = 'normal' }: TapOrder): number => stages.indexOf(stage);

const hasDemands = ({ before, after }: TapOrder): boolean =>
  listOf(before).length + listOf(after).length > 0;

const listOf = (names: string | readonly string[] | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === 'string' ? [names] : names;
