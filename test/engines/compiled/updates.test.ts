import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import { cpuEngine } from '../../../engines/eager/cpu.js';
import type { EngineProvider, HostTensor, Program } from '../../../core/engine/types.js';
import { expectClose, randomTensor } from './agree.js';

// Large enough to be updated in chunks.
const shape = [4, 4, 128, 256];

/** Adam on a parameter of which the loss is the sum of squares of x · w. */
function adam(outside: boolean): Program {
  return {
    name: 'adam',
    body: ({ state, inputs, scalars }) => {
      const get = (name: string): Tensor => state.get(name) ?? tf.scalar(NaN);
      const rate = scalars.get('rate') ?? tf.scalar(NaN);
      const x = inputs.get('x') ?? tf.scalar(NaN);
      const loss = (w: Tensor): tf.Scalar => tf.mean(tf.square(tf.mul(w, x)));
      const { value, grad } = tf.valueAndGrad(loss)(get('w'));
      const m = tf.add(tf.mul(get('m'), 0.9), tf.mul(grad, 0.1));
      const v = tf.add(tf.mul(get('v'), 0.999), tf.mul(tf.square(grad), 0.001));
      const w = tf.sub(get('w'), tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), 1e-8)));
      const outputs = new Map<string, Tensor>([['loss', value]]);
      // The old moment is also seen from outside: it must not be overwritten before.
      if (outside) outputs.set('old', tf.sum(tf.abs(get('m'))));
      outputs.set('after', tf.mean(tf.abs(w)));
      return {
        state: new Map([
          ['w', w],
          ['m', m],
          ['v', v],
        ]),
        outputs,
      };
    },
  };
}

async function train(
  provider: EngineProvider,
  outside: boolean,
): Promise<{ losses: number[]; state: Map<string, HostTensor> }> {
  const session = await provider.open({ threads: 2 });
  const zeros = new Float32Array(randomTensor(shape, 1).data.length);
  await session.write(
    new Map([
      ['w', randomTensor(shape, 1)],
      ['m', { shape, data: zeros }],
      ['v', { shape, data: zeros }],
    ]),
  );
  const losses: number[] = [];
  const program = adam(outside);
  for (let update = 1; update <= 3; update++) {
    const inputs = new Map([['x', randomTensor([4, 1, 1, 256], update)]]);
    const outputs = await session.run(program, inputs, new Map([['rate', 0.1 / update]]));
    for (const { data } of (await outputs.read()).values()) losses.push(data[0] ?? NaN);
  }
  const state = await session.read();
  await session.close();
  return { losses, state };
}

test.each([false, true])(
  'large updates in chunks agree with tf.js (read outside: %s)',
  async (outside) => {
    const expected = await train(cpuEngine, outside);
    const actual = await train(compiledEngine, outside);
    expected.losses.forEach((loss, i) => {
      expect(Math.abs((actual.losses[i] ?? NaN) - loss)).toBeLessThan(1e-4 * Math.abs(loss) + 1e-9);
    });
    for (const [name, { data }] of expected.state) {
      expectClose(name, actual.state.get(name)?.data ?? new Float32Array(), data, 2e-5);
    }
  },
);
