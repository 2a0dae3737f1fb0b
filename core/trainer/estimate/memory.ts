import { sizeOfShape } from '../../data/examples.js';
import type { EngineSession, ProgramMemory } from '../../engine/types.js';
import { batchInputs, takenShapes } from '../../step/augment.js';
import { buildEvaluation, evaluatedPrefix } from '../../step/inference.js';
import type { Prepared } from '../build/prepare.js';
import { stateShapes } from '../build/state.js';

/** Bytes, of a run and of the machine that it is planned on. */
export interface MemoryNeed {
  /** What the process will hold at its peak: its largest resident size. */
  readonly peak: number;
  /** … of which it does not hold anything yet. */
  readonly more: number;
  /** What the machine, or the container, has left for it. */
  readonly free: number;
}

/** What grows in a process that trains, whatever it trains: compiled code, pictures, logs. */
const everyRun = 96 * 2 ** 20;

/**
 * The memory that a run will need. Beyond what the process holds now, with the data loaded: the state,
 * and its copy while a checkpoint is written; what the largest of its programs computes; each
 * program's inputs and outputs; and what the data set and metrics say of themselves.
 * @returns undefined where the engine cannot tell
 */
export function memoryNeed(prepared: Prepared, session: EngineSession): MemoryNeed | undefined {
  const programs = memoryOfPrograms(prepared, session);
  if (programs === undefined) return undefined;
  const passing = Math.max(0, ...programs.map((memory) => memory.passing));
  const kept = programs.reduce((sum, memory) => sum + memory.kept, 0);
  const { dataset, built } = prepared;
  const metrics = Math.max(0, ...built.metrics.map(({ memory = 0 }) => memory));
  const others = (dataset.memory ?? 0) + metrics + everyRun;
  const more = 2 * bytesOfState(prepared) + passing + kept + others;
  return { peak: process.memoryUsage.rss() + more, more, free: process.availableMemory() };
}

/** Slots of every phase stay to the end. */
function bytesOfState({ built }: Prepared): number {
  const shapes = new Map(built.steps.flatMap((step) => [...stateShapes(built, step)]));
  return [...shapes.values()].reduce((sum, shape) => sum + 4 * sizeOfShape(shape), 0);
}

function memoryOfPrograms(
  { built, dataset, experiment }: Prepared,
  session: EngineSession,
): ProgramMemory[] | undefined {
  if (session.memory === undefined) return undefined;
  const { blueprint, networks, evaluations, steps } = built;
  const { augmentation, stateTransforms, main } = blueprint;
  const found: ProgramMemory[] = [];
  for (const step of steps) {
    const signature = step.signature(experiment.core.batch);
    found.push(session.memory(step.program, stateShapes(built, step), signature));
  }
  const [network, last] = [networks.get(main), steps.at(-1)];
  if (network === undefined || last === undefined) return found;
  const prefix = evaluatedPrefix(stateTransforms);
  const program = buildEvaluation(augmentation, networks, network, prefix);
  const taken = takenShapes(augmentation, dataset.test.signals);
  // One with fewer examples needs no more.
  const most = Math.max(0, ...[...evaluations.values()].map(({ batch = 0 }) => batch));
  const batch = Math.min(most, dataset.test.count);
  if (batch === 0) return found;
  const signature = batchInputs(augmentation, 0, batch, taken);
  found.push(session.memory(program, stateShapes(built, last), signature));
  return found;
}
