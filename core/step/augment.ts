import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import type { Shape } from '../data/types.js';
import { didYouMean } from '../errors/nearest.js';
import { badContribution } from '../errors/plugin.js';
import { drawShape, followed } from './draws.js';
import { onStandIns, standIn } from './stand-ins.js';
import type { Augmentation, Draw, Signals } from './types.js';

export const inputName = (slot: number, role: string): string => `${slot}/${role}`;

/** Names of an augmentation's sequences of examples, in order. */
export function sequencesOf({ takes }: Augmentation): string[] {
  return [...new Set(Object.values(takes).map(({ sequence = 'example' }) => sequence))];
}

/** Its draws by name, without those that it leaves out. */
export const drawsOf = ({ draws }: Augmentation): (readonly [string, Draw])[] =>
  Object.entries(draws).flatMap(([name, draw]) => (draw === undefined ? [] : [[name, draw]]));

/**
 * Shapes of what an augmentation takes.
 * @param signals shapes of the data set's signals
 * @throws NcnError where the data set lacks one
 */
export function takenShapes(
  { name, takes }: Augmentation,
  signals: Readonly<Record<string, Shape>>,
): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const [taken, { signal }] of Object.entries(takes)) {
    const shape = signals[signal];
    if (shape === undefined) {
      throw badContribution(
        `Augmentation '${name}' takes the signal '${signal}', which the data set does not have; it has ${Object.keys(signals).join(', ')}.`,
        didYouMean(signal, Object.keys(signals)),
      );
    }
    shapes.set(taken, shape);
  }
  if (shapes.size === 0) {
    throw badContribution(`Augmentation '${name}' takes no signal of the data set.`);
  }
  return shapes;
}

/** The shape that a draw of an augmentation follows. @throws NcnError for an unknown signal */
export function shapeOfDraw(
  { draws }: Augmentation,
  name: string,
  taken: ReadonlyMap<string, Shape>,
): Shape {
  const draw = draws[name];
  const [first = ''] = taken.keys();
  return draw === undefined ? [] : followed(name, draw, taken, first);
}

/**
 * The program inputs that one batch of an augmentation takes: signals of the data set, and draws.
 * @returns shapes of inputs, names of scalars
 */
export function batchInputs(
  augmentation: Augmentation,
  slot: number,
  batch: number,
  taken: ReadonlyMap<string, Shape>,
): { inputs: Map<string, readonly number[]>; scalars: string[] } {
  const inputs = new Map<string, readonly number[]>();
  for (const [name, shape] of taken) inputs.set(inputName(slot, name), [batch, ...shape]);
  const scalars: string[] = [];
  for (const [name, draw] of drawsOf(augmentation)) {
    if (draw.per === 'batch') {
      scalars.push(inputName(slot, name));
      continue;
    }
    const signal = shapeOfDraw(augmentation, name, taken);
    inputs.set(inputName(slot, name), drawShape(draw, batch, signal));
  }
  return { inputs, scalars };
}

/** Applies the augmentation to the inputs of one batch of a program. */
export function augment(
  augmentation: Augmentation,
  slot: number,
  inputs: ReadonlyMap<string, Tensor>,
  scalars: ReadonlyMap<string, Tensor>,
  mode: 'train' | 'evaluate',
): Signals {
  const find = (from: ReadonlyMap<string, Tensor>, name: string): Tensor => {
    const tensor = from.get(inputName(slot, name));
    if (tensor === undefined) throw badContribution(`The step lacks the signal '${name}'.`);
    return tensor;
  };
  const taken = Object.keys(augmentation.takes).map((name) => [name, find(inputs, name)] as const);
  const draws = drawsOf(augmentation).map(
    ([name, { per }]) => [name, find(per === 'batch' ? scalars : inputs, name)] as const,
  );
  const batch = taken[0]?.[1].shape[0] ?? 0;
  const made = withScope('/augmentation', () =>
    augmentation.apply(Object.fromEntries(taken), Object.fromEntries(draws), mode),
  );
  checkMade(augmentation, made, batch);
  return made;
}

/**
 * Tries an augmentation on zeros.
 * @returns the shapes of what it makes, by role
 * @throws NcnError where it makes something else than it declares
 */
export function madeShapes(
  augmentation: Augmentation,
  taken: ReadonlyMap<string, Shape>,
): Map<string, Shape> {
  if (augmentation.makes.includes('output')) {
    throw badContribution(
      `Augmentation '${augmentation.name}' makes the role 'output', which is what the main network gives.`,
      'Give it another name.',
    );
  }
  return onStandIns(() => triedShapes(augmentation, taken));
}

function triedShapes(
  augmentation: Augmentation,
  taken: ReadonlyMap<string, Shape>,
): Map<string, Shape> {
  let shapes = new Map<string, Shape>();
  tf.tidy(() => {
    const needed = batchInputs(augmentation, 0, 1, taken);
    const inputs = new Map([...needed.inputs].map(([name, s]) => [name, standIn(s)]));
    const scalars = new Map(needed.scalars.map((name) => [name, tf.scalar(0)]));
    const shapesIn = (mode: 'train' | 'evaluate'): Map<string, Shape> => {
      const made = augment(augmentation, 0, inputs, scalars, mode);
      return new Map(augmentation.makes.map((role) => [role, made[role]?.shape.slice(1) ?? []]));
    };
    shapes = shapesIn('train');
    for (const [role, shape] of shapesIn('evaluate')) {
      const other = shapes.get(role) ?? [];
      if (other.join() === shape.join()) continue;
      throw badContribution(
        `Augmentation '${augmentation.name}' makes '${role}' of shape [${other.join(', ')}] in training and [${shape.join(', ')}] in evaluation.`,
      );
    }
  });
  return shapes;
}

function checkMade({ name, makes }: Augmentation, made: Signals, batch: number): void {
  for (const role of makes) {
    const shape = made[role]?.shape;
    if (shape?.[0] === batch) continue;
    const what = shape === undefined ? 'did not make it' : `made it of shape [${shape.join(', ')}]`;
    throw badContribution(
      `Augmentation '${name}' declares the role '${role}', but ${what}; [${batch}, …] was expected.`,
    );
  }
  const other = Object.keys(made).find((role) => !makes.includes(role));
  if (other === undefined) return;
  throw badContribution(
    `Augmentation '${name}' made the role '${other}', which it does not declare.`,
    `Declare it: makes: [${[...makes, other].map((role) => `'${role}'`).join(', ')}].`,
  );
}
