import { expect, test } from 'vitest';
import { tf } from '../../../core/tf.js';
import { RandomStreams } from '../../../core/random/streams.js';
import { declareNetwork, initialParameters } from '../../../core/step/declare.js';
import { buildInference } from '../../../core/step/inference.js';
import { buildStream } from '../../../core/step/stream.js';
import type { NetworkDefinition } from '../../../core/step/types.js';
import { openEngine } from '../../../engines/registry.js';

/** Causal, dilated, with a look two steps back of its own. */
const definition: NetworkDefinition<'input'> = {
  name: 'causal',
  inputs: { input: 'input' },
  anyLength: [0],
  stream: { hop: 4, latency: 0 },
  forward(layers, { input }) {
    const h = tf.elu(layers.conv1d('a', input, { filters: 3, kernel: 3, pad: 'causal' }));
    const y = layers.conv1d('b', h, { filters: 2, kernel: 3, dilation: 2, pad: 'causal' });
    const [batch, steps, channels] = y.shape;
    const before = tf.slice(layers.past('own', y, 2), [0, 0, 0], [batch, steps, channels]);
    return layers.conv1d('c', tf.add(y, before), { filters: 1, kernel: 1 });
  },
};

test.each(['compiled', 'cpu'])('on %s, pieces give what the whole gives', async (engine) => {
  const length = 24;
  const network = declareNetwork(definition, new Map([['input', [length, 1]]]));
  const random = new RandomStreams(3);
  const session = await openEngine(engine, { threads: 1 });
  await session.write(initialParameters(network, random));
  const data = random.at('signal').fillUniform(new Float32Array(length), -1, 1);
  const whole = await (
    await session.run(
      buildInference(network),
      new Map([['input', { shape: [1, length, 1], data }]]),
      new Map(),
    )
  ).read();
  const stream = buildStream(network);
  await session.write(stream.memory);
  const got: number[] = [];
  for (let at = 0; at < length; at += stream.hop) {
    const piece = { shape: [1, stream.hop, 1], data: data.slice(at, at + stream.hop) };
    const outputs = await session.run(stream.program, new Map([['input', piece]]), new Map());
    got.push(...((await outputs.read()).get('output')?.data ?? []));
  }
  const expected = [...(whole.get('output')?.data ?? [])];
  expect(got.length).toBe(length);
  got.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
  await session.close();
});

test('a network that does not say that it can run in pieces is refused', () => {
  const { stream, ...rest } = definition;
  expect(stream?.hop).toBe(4);
  const network = declareNetwork(rest, new Map([['input', [8, 1]]]));
  expect(() => buildStream(network)).toThrow(
    /'causal' does not say that it can run piece by piece/,
  );
});
