import { updateCost } from '../../step/cost.js';
import { weightCount } from '../../step/declare.js';
import { formatCount, formatDuration, formatMemory, formatSpeed } from '../../services/format.js';
import type { Dataset } from '../../data/types.js';
import type { EngineDescription } from '../../engine/types.js';
import {
  describeUnreached,
  scaleHint,
  unreached,
  type Unreached,
} from '../../experiment/unreached.js';
import type { Prepared } from '../build/prepare.js';
import type { MemoryNeed } from './memory.js';

/** What a run will do and roughly how long it takes. */
export interface Plan {
  readonly preset: string;
  readonly profile: string;
  readonly seed: number;
  readonly engine: EngineDescription;
  readonly dataset: { readonly name: string; readonly notice: string | null };
  /** Schedules that the updates do not suffice for. */
  readonly unreached: readonly Unreached[];
  /** All of it, for people. */
  readonly lines: readonly string[];
  /**
   * Seconds, of updates and evaluations; from the multiply-adds of the networks and the speed of
   * training one layer like theirs.
   */
  readonly estimatedSeconds: number;
  /** The memory that it takes; null where the engine cannot tell. */
  readonly memory: MemoryNeed | null;
}

/** Above this many seconds, a run says what to use instead. */
const patience = 12 * 3600;

/** What the metrics of one example take on one core: those of pictures, roughly. */
const secondsOfMetrics = 3e-4;

/** Examples of all evaluations of a run, as far as these tell. */
function examplesSeen({ blueprint, evaluations }: Prepared['built']): number {
  const { phases } = blueprint;
  const updates = phases.reduce((sum, phase) => sum + phase.updates, 0);
  const run = { updates, phases: phases.length };
  return [...evaluations.values()].reduce((sum, { examples }) => sum + (examples?.(run) ?? 0), 0);
}

/** Multiply-adds of the whole training. @param batch examples in a batch */
export function trainingWork({ blueprint, networks }: Prepared['built'], batch: number): number {
  const perExample = blueprint.phases.reduce(
    (sum, phase) => sum + phase.updates * updateCost(blueprint, networks, phase),
    0,
  );
  return perExample * batch;
}

/** What the memory of a run comes to, and a warning where there is less. */
function linesOfMemory(memory: MemoryNeed | undefined): string[] {
  if (memory === undefined) return [];
  const { peak, more, free } = memory;
  const line = `  memory: about ${formatMemory(peak)} at its peak`;
  if (more <= free) return [line];
  return [
    line,
    `  warning: that is ${formatMemory(more)} more than the process holds now, and this machine has ${formatMemory(free)} free: the run may be ended by the system. Fewer examples at a time (--batch, --set evaluation.testBatch=…) or narrower networks (--profile quick) need less.`,
  ];
}

/**
 * @param speed of the engine, in billions of operations a second
 * @param memory that the run will need; undefined where the engine cannot tell
 */
export function makePlan(
  prepared: Prepared,
  engine: EngineDescription,
  speed: number,
  memory?: MemoryNeed,
): Plan {
  const { experiment, dataset, built } = prepared;
  const { blueprint, networks } = built;
  const { preset, profile, variant, core } = experiment;
  const forward = networks.get(blueprint.main)?.multiplyAdds ?? 0;
  const examples = examplesSeen(built);
  // An evaluation runs the main network with both kinds of statistics of batch normalisation.
  const seconds = (multiplyAdds: number): number => (2 * multiplyAdds) / (speed * 1e9);
  const estimatedSeconds =
    seconds(trainingWork(built, core.batch) + 2 * examples * forward) +
    2 * examples * secondsOfMetrics;
  const phases = blueprint.phases.map((phase) => {
    const order = phase.order.map((u) => `${u.network} on batch ${u.batch + 1}`).join(', then ');
    return `  phase ${phase.name}: ${formatCount(phase.updates)} updates of ${core.batch} examples: ${order}`;
  });
  const nets = [...networks].map(
    ([name, network]) =>
      `${name} (${formatCount(weightCount(network))} weights, ${formatCount(Math.round(network.multiplyAdds / 1e6))} M multiply-adds an example)`,
  );
  const short = unreached(experiment, networks);
  const size =
    preset.updates === undefined || preset.updates === core.updates
      ? ''
      : ` (update numbers of the documented ${formatCount(preset.updates)} updates)`;
  const suffix = variant === null ? '' : `, variant ${variant}`;
  const lines = [
    `${preset.name}: ${preset.summary}${size}`,
    `  profile ${profile}${suffix}, seed ${core.seed}`,
    `  data: ${describeData(dataset)}`,
    `  networks: ${nets.join('; ')}`,
    ...phases,
    `  engine: ${engine.name} (${engine.device}), about ${formatSpeed(speed)}: roughly ${formatDuration(estimatedSeconds)}`,
    ...linesOfMemory(memory),
    ...prepared.notes.map((note) => `  note: ${note}`),
    ...describeUnreached(short, core.updates).map((line) => `  warning: ${line}`),
    ...(short.length === 0 ? [] : [`  ${scaleHint}`]),
  ];
  if (estimatedSeconds > patience) {
    lines.push(
      profile === 'documented'
        ? '  This is the documented size, made for GPUs. On this machine, use --profile quick: the same experiment, small.'
        : '  Use fewer updates (--updates) or a faster engine (ncn doctor lists them).',
    );
  }
  return {
    preset: preset.name,
    profile,
    seed: core.seed,
    engine,
    dataset: { name: dataset.name, notice: dataset.notice ?? null },
    unreached: short,
    lines,
    estimatedSeconds,
    memory: memory ?? null,
  };
}

/** Which data, how many, and what there is to say of them (that the embedded ones take the place of others, say). */
export function describeData({ name, train, test, notice }: Dataset): string {
  const counts = `${formatCount(train.count)} training and ${formatCount(test.count)} test examples`;
  return `${name}, ${counts}${notice === undefined ? '' : ` — ${notice}`}`;
}
