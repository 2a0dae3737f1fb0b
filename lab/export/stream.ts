import type { Tensor } from '@tensorflow/tfjs-core';
import { sizeOfShape } from '../../core/data/examples.js';
import type { HostTensor, Program } from '../../core/engine/types.js';
import type { Trained } from '../../core/open/experiment.js';
import { outputName } from '../../core/step/inference.js';
import type { NetworkStream } from '../../core/step/stream.js';
import { loadModel } from '../../engines/compiled/index.js';
import { greatestDifference } from './check.js';

/** Names of what a model remembers: as an input, and as the output that is the next input. */
export const pastName = (memory: string): string => memory.replace(/^stream\//, 'past/');
export const nextName = (memory: string): string => memory.replace(/^stream\//, 'next/');

/** The stream's program with what it remembers as inputs and outputs, not as state. */
export function withoutState({ program, memory }: NetworkStream): Program {
  return {
    name: `export/${program.name}`,
    body: ({ state, inputs, scalars }) => {
      const past = [...memory.keys()].flatMap((name): [string, Tensor][] => {
        const tensor = inputs.get(pastName(name));
        return tensor === undefined ? [] : [[name, tensor]];
      });
      const result = program.body({ state: new Map([...state, ...past]), inputs, scalars });
      const next = [...result.state].map(([name, tensor]) => [nextName(name), tensor] as const);
      return { state: new Map(), outputs: new Map([...result.outputs, ...next]) };
    },
  };
}

/** Pieces that a model is compared on. */
export const piecesChecked = 24;

/**
 * Runs a model of one piece on random pieces, one after the other, beside the engine.
 * @returns the greatest difference of a value of the output, and the greatest value
 */
export async function compareStream(
  model: Uint8Array,
  stream: NetworkStream,
  { session, prepared }: Trained,
): Promise<{ readonly difference: number; readonly scale: number }> {
  const loaded = loadModel(model);
  const outputs = new Map([...stream.memory].map(([name, { shape }]) => [nextName(name), shape]));
  let memory = new Map([...stream.memory].map(([name, tensor]) => [pastName(name), tensor]));
  let [difference, scale] = [0, 1];
  try {
    await session.write(stream.memory);
    for (let i = 0; i < piecesChecked; i++) {
      const inputs = new Map(
        [...stream.inputShapes].map(([name, shape]): [string, HostTensor] => {
          const numbers = prepared.random.at(`export/pieces/${name}`, i);
          const data = numbers.fillUniform(new Float32Array(sizeOfShape(shape)), -0.5, 0.5);
          return [name, { shape: [1, ...shape], data }];
        }),
      );
      const expected = (await (await session.run(stream.program, inputs, new Map())).read()).get(
        outputName,
      );
      if (expected === undefined) throw new TypeError('a stream has an output');
      const wanted = new Map([[outputName, expected.shape], ...outputs]);
      const got = await loaded.run(new Map([...inputs, ...memory]), wanted);
      const output = got.get(outputName)?.data;
      difference = Math.max(difference, greatestDifference(output, expected.data));
      scale = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), scale);
      memory = new Map(
        [...stream.memory].map(([name, start]) => [
          pastName(name),
          got.get(nextName(name)) ?? start,
        ]),
      );
    }
  } finally {
    loaded.close();
  }
  return { difference, scale };
}
