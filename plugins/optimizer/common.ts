import {
  didYouMean,
  nearest,
  nonnegativeSchedule,
  tf,
  z,
  type ConfigurationPayload,
  type OptimizerStep,
  type PluginContext,
} from 'ncn';

/** A coefficient of a moving average. */
export const decay = () => z.number().min(0).lt(1);

export const weightDecay = (share: number) =>
  z
    .number()
    .nonnegative()
    .default(share)
    .describe('share of a weight lost per step, ÷ learning rate');

export const decayed = () =>
  z
    .enum(['all', 'kernels'])
    .default('all')
    .describe('which weights lose a share: all, or kernels alone, without biases and norms');

/** Learning rates of networks that differ, by name. */
export const rates = () =>
  z
    .record(z.string(), z.strictObject({ learningRate: nonnegativeSchedule() }))
    .default({})
    .describe('learning rate of a network that differs: {"discriminator": {"learningRate": 2e-4}}');

/**
 * What refuses settings of a network that the experiment does not have, once its networks are known.
 * Those of a preset or a profile may be for a network that was left out.
 * @param plugin whose option `networks` has them
 */
export function checkOf(
  { hooks }: Pick<PluginContext<unknown>, 'hooks'>,
  plugin: string,
  settings: Readonly<Record<string, object>>,
): (networks: readonly string[]) => void {
  let configuration: ConfigurationPayload | undefined;
  hooks.configuration.tap((payload) => {
    configuration = payload;
  });
  return (networks) => {
    for (const [network, own] of Object.entries(settings)) {
      if (networks.includes(network)) continue;
      const all = `${plugin}.networks`;
      const one = `${all}.${network}`;
      const paths = [...Object.keys(own).map((key) => `${one}.${key}`), one, all];
      const path = paths.find((each) => configuration?.origin(each) !== undefined) ?? one;
      const isGeneral = /^(preset|profile) /.test(configuration?.origin(path) ?? '');
      if (isGeneral && nearest(network, networks) === undefined) continue;
      const why = `there is no network '${network}'. ${didYouMean(network, networks)}`;
      configuration?.reject(path, why);
    }
  };
}

const names = ['adam', 'adamw', 'lion', 'muon', 'rmsprop', 'sgd'].map((n) => `optimizer.${n}`);

/** A network has one optimizer: of these plugins, the last that was added stays. */
export const others = (name: string): string[] => names.filter((other) => other !== name);

/** A number that the step was given. */
export const scalar = ({ scalars }: OptimizerStep, name: string): tf.Tensor | number =>
  scalars.get(name) ?? 0;

export const slot = ({ slots, value }: OptimizerStep, name: string): tf.Tensor =>
  slots.get(name) ?? tf.zerosLike(value);

/** A weight less the share of it that decoupled decay takes, the scalar `decay`. */
export function lessDecay(step: OptimizerStep, which: 'all' | 'kernels'): tf.Tensor {
  const { name, value } = step;
  if (which === 'kernels' && !name.endsWith('/kernel')) return value;
  return tf.sub(value, tf.mul(value, scalar(step, 'decay')));
}
