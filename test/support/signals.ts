import {
  definePlugin,
  glorotUniform,
  hashOfSignals,
  inMemory,
  RandomStreams,
  tf,
  use,
  z,
  type ExperimentDefinition,
  type Layers,
  type Plugin,
  type Shape,
  type Signals,
} from '../../core/index.js';

const size = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);

const roles = { input: 'input', hint: 'hint', ignored: 'ignored' };

/**
 * Signals of any shape, the noise that is added to them, and a network that may use what it likes
 * of `input`, `hint` (a number for each example) and `ignored`.
 */
function signalsOf(
  shape: Shape,
  forward: (layers: Layers, inputs: Signals<'input' | 'hint' | 'ignored'>) => tf.Tensor,
  inputs: Record<'input' | 'hint' | 'ignored', string | Shape> = roles,
): Plugin {
  return definePlugin({
    name: 'signals',
    version: '1.0.0',
    summary: 'for tests: signals, noise, and a network',
    options: z.strictObject({}),
    setup({ hooks }) {
      const numbers = new RandomStreams(5).at(`signals/${shape.join('x')}`);
      const split = (count: number) => {
        const data = Float32Array.from({ length: count * size(shape) }, () => numbers.normal());
        return { signal: { shape, data } };
      };
      const [train, test] = [split(20), split(10)];
      const about = { hash: hashOfSignals(train, test), source: 'a test' };
      hooks.datasets.tap(({ add }) => {
        add({
          name: 'signals',
          summary: 'random numbers',
          load: () =>
            Promise.resolve({
              name: 'signals',
              train: inMemory(20, train),
              test: inMemory(10, test),
              ...about,
            }),
        });
      });
      hooks.augmentation.tap(({ set }) => {
        set({
          name: 'noisy',
          takes: { clean: { signal: 'signal' } },
          draws: {
            noise: { per: 'element', distribution: 'normal', mean: 0, deviation: 0.3 },
            level: { per: 'example', low: 0, high: 1 },
          },
          makes: ['input', 'hint', 'ignored', 'target'],
          apply: ({ clean }, { noise, level }) => ({
            input: tf.add(clean, tf.mul(noise, level)),
            hint: tf.reshape(level, [-1, 1]),
            ignored: tf.neg(clean),
            target: clean,
          }),
        });
      });
      hooks.networks.tap(({ add }) => {
        add({ name: 'denoiser', main: true, inputs, forward });
      });
    },
  });
}

const definition = (network: Plugin): ExperimentDefinition => ({
  updates: 3,
  batch: 4,
  plugins: [
    network,
    'loss.content',
    use('updates.generator'),
    use('optimizer.adam', { learningRate: 1e-3 }),
    use('evaluation', { every: 2, examples: 3, testBatch: 5 }),
    use('checkpoints', { every: 2 }),
  ],
});

/** Waves [time, channels]: convolutions along time. */
export const waves = definition(
  signalsOf([16, 2], (layers, { input, hint }) => {
    const level = tf.reshape(hint, [-1, 1, 1]);
    const hidden = tf.elu(layers.conv1d('in', input, { filters: 6, kernel: 5 }));
    const normal = layers.batchNorm('norm', tf.add<tf.Tensor3D>(hidden, level));
    return layers.conv1d('out', normal, { filters: 2, kernel: 3 });
  }),
);

const ofVectors = (layers: Layers, { input, hint }: Signals<'input' | 'hint'>): tf.Tensor => {
  const hidden = tf.tanh(layers.dense('in', tf.concat([input, hint], 1), 12));
  const scale = layers.weight('scale', [6], glorotUniform);
  return tf.mul(layers.dense('out', hidden, 6), scale);
};

/** Vectors [features]: dense layers, and a weight of its own. */
export const vectors = definition(signalsOf([6], ofVectors));

/** The same with inputs that are no roles of a batch: a loss runs the network by itself. */
export const byShape: ExperimentDefinition = {
  updates: 2,
  batch: 4,
  plugins: [
    signalsOf([6], ofVectors, { input: [6], hint: [1], ignored: [6] }),
    definePlugin({
      name: 'own.loss',
      version: '1.0.0',
      summary: 'for tests: runs the network on what it likes',
      options: z.strictObject({}),
      setup({ hooks }) {
        hooks.losses.tap(({ add }) => {
          add({
            name: 'own',
            network: 'denoiser',
            weight: () => 1,
            value: ({ run, signals: { input, hint, ignored, target } }) => {
              if (!input || !hint || !ignored || !target) throw new TypeError('a role is missing');
              const output = run('denoiser', { input: tf.neg(input), hint, ignored });
              return tf.mean<tf.Scalar>(tf.square(tf.sub(output, target)));
            },
          });
        });
      },
    }),
    'updates.generator',
    'optimizer.adam',
    use('checkpoints', { every: 1 }),
  ],
};
