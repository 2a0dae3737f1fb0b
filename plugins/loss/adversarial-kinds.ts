import { tf } from 'ncn';

const epsilon = 1e-8;
const log = (x: tf.Tensor): tf.Tensor => tf.log(tf.add(x, epsilon));
const mean = (x: tf.Tensor): tf.Scalar => tf.mean<tf.Scalar>(x);

/** An adversarial loss. */
export interface Kind {
  /** What D minimises, given D(real) and D(fake). */
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** What G minimises; D is asked for D(real) only where it is needed. */
  readonly generator: (fake: tf.Tensor, real: () => tf.Tensor) => tf.Scalar;
  /** Above it an image counts as real; `between`: the middle of both means. */
  readonly threshold: number | 'between';
  /** Whether D must end in a sigmoid; undefined where both go. */
  readonly sigmoid?: boolean;
}

export const kindNames = ['log', 'least-squares', 'hinge', 'wasserstein', 'relativistic'] as const;

export const kinds: Readonly<Record<(typeof kindNames)[number], Kind>> = {
  /** The post: D: mean(−½(log D(real) + log(1 − D(fake)))); G: mean(−½·log D(fake)). */
  log: {
    discriminator: (real, fake) => mean(tf.mul(tf.add(log(real), log(tf.sub(1, fake))), -0.5)),
    generator: (fake) => mean(tf.mul(log(fake), -0.5)),
    threshold: 0.5,
    sigmoid: true,
  },
  /** Pascual et al., SEGAN (2017), equations 4 and 5; Mao et al., LSGAN (2017), equation 2. */
  'least-squares': {
    discriminator: (real, fake) =>
      mean(tf.mul(tf.add(tf.square(tf.sub(real, 1)), tf.square(fake)), 0.5)),
    generator: (fake) => mean(tf.mul(tf.square(tf.sub(fake, 1)), 0.5)),
    threshold: 0.5,
  },
  /** Lim and Ye, Geometric GAN (2017); Miyato et al. (2018), equations 16 and 17. */
  hinge: {
    discriminator: (real, fake) =>
      tf.add(mean(tf.relu(tf.sub(1, real))), mean(tf.relu(tf.add(1, fake)))),
    generator: (fake) => tf.neg(mean(fake)),
    threshold: 0,
    sigmoid: false,
  },
  /** Arjovsky et al. (2017); with a gradient penalty Gulrajani et al. (2017), algorithm 1. */
  wasserstein: {
    discriminator: (real, fake) => tf.sub(mean(fake), mean(real)),
    generator: (fake) => tf.neg(mean(fake)),
    threshold: 'between',
    sigmoid: false,
  },
  /** Jolicoeur-Martineau, RaGAN (2018), section 4.2.2; −log σ(x) is softplus(−x). */
  relativistic: {
    discriminator: (real, fake) => relativistic(real, fake),
    generator: (fake, real) => relativistic(fake, real()),
    threshold: 'between',
    sigmoid: false,
  },
};

/** How far the first is from being judged more real than the mean of the second, and vice versa. */
function relativistic(above: tf.Tensor, below: tf.Tensor): tf.Scalar {
  const first = mean(tf.softplus(tf.sub(mean(below), above)));
  return tf.add(first, mean(tf.softplus(tf.sub(below, mean(above)))));
}
