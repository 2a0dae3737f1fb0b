"""One case of `npm run bench` in JAX: the networks, losses and Adam of torch_updates.py, in one process.

    python3 jax_updates.py --work generator|discriminator|gan --batch N [--quick] [--threads N]
                           [--updates N] [--seconds S]

One function under `jax.jit` for the whole update, its state donated; images as [N, H, W, C]. Prints one
line of JSON, as torch_updates.py. Threads are limited by which processors the process may use.
"""
import os

from measured import measure, options_of_updates

SIZES = (64, 128, 256, 512, 1024, 2048)


def generator_sizes(width):
    """Taps, channels in and out, stride, padding of each convolution; the first six are normalised."""
    body = [(2, width)] + [(width, width)] * 4 + [(width, 2), (2, 1)]
    return [(3, i, o, 1, 1) for i, o in body]


def discriminator_sizes(share):
    a, b, c, d, e, f = (round(share * n) for n in SIZES)
    return [(5, 3, a, 1, 0), (5, a, b, 1, 0), (5, b, c, 1, 0), (4, c, d, 2, 1), (4, d, e, 2, 1),
            (4, e, f, 1, 0), (1, f, 1, 1, 0)]


def initial(sizes, normalised, seed):
    """Weights, and moving averages, of a network."""
    import jax
    import jax.numpy as jnp
    keys = jax.random.split(jax.random.key(seed), len(sizes))
    convs = []
    for key, (taps, i, o, _, _) in zip(keys, sizes):
        limit = (taps * taps * i) ** -0.5
        kernel = jax.random.uniform(key, (taps, taps, i, o), minval=-limit, maxval=limit)
        convs.append({'kernel': kernel, 'bias': jnp.zeros(o)})
    outs = [size[2] for size in sizes[:normalised]]
    norms = [{'gamma': jnp.ones(o), 'beta': jnp.zeros(o)} for o in outs]
    averages = [{'mean': jnp.zeros(o), 'variance': jnp.ones(o)} for o in outs]
    return {'convs': convs, 'norms': norms}, averages


def make_step(work, g_sizes, d_sizes):
    """A pure step(state, batch) to (state, loss). state: by network, weights, averages, Adam's slots."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    def conv(p, h, stride, pad):
        y = lax.conv_general_dilated(h, p['kernel'], (stride, stride), [(pad, pad)] * 2,
                                     dimension_numbers=('NHWC', 'HWIO', 'NHWC'))
        return y + p['bias']

    def norm(p, s, h):
        mean, variance = h.mean((0, 1, 2)), h.var((0, 1, 2))
        count = h.size / h.shape[-1]
        moved = {'mean': 0.99 * s['mean'] + 0.01 * mean,
                 'variance': 0.99 * s['variance'] + 0.01 * variance * count / max(1, count - 1)}
        scale = p['gamma'] * lax.rsqrt(variance + 1e-3)
        return (h - mean) * scale + p['beta'], moved

    def generate(w, s, x, reference):
        seen = jnp.concatenate([x, reference], 3)
        h, moved = seen, []
        for i in range(6):
            y, m = norm(w['norms'][i], s[i], conv(w['convs'][i], h, 1, 1))
            moved.append(m)
            y = jax.nn.elu(y)
            h = y if i == 0 else y + (seen if i == 5 else h)
        return jax.nn.sigmoid(conv(w['convs'][6], h, 1, 1)), moved

    def discriminate(w, s, h):
        moved = []
        for i, (_, _, _, stride, pad) in enumerate(d_sizes):
            h = conv(w['convs'][i], h, stride, pad)
            if i < 5:
                h, m = norm(w['norms'][i], s[i], h)
                moved.append(m)
            if i < 6:
                h = jax.nn.elu(h)
        return jax.nn.sigmoid(h), moved

    def log(v):
        return jnp.log(v + 1e-8)

    def adam(net, gradients):
        step = net['step'] + 1
        rate = 1e-4 / (1 - 0.9 ** step)
        root = jnp.sqrt(1 - 0.999 ** step)
        tree = jax.tree_util.tree_map
        m = tree(lambda m, g: 0.9 * m + 0.1 * g, net['m'], gradients)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, net['v'], gradients)
        weights = tree(lambda w, m, v: w - rate * m / (jnp.sqrt(v) / root + 1e-8), net['weights'], m, v)
        return {**net, 'weights': weights, 'm': m, 'v': v, 'step': step}

    def update_d(d, y, x, r, t):
        def loss_of(w):
            real, s = discriminate(w, d['averages'], jnp.concatenate([t, x, r], 3))
            fake, s = discriminate(w, s, jnp.concatenate([y, x, r], 3))
            return (-0.5 * (log(real) + log(1 - fake))).mean(), s
        (loss, averages), gradients = jax.value_and_grad(loss_of, has_aux=True)(d['weights'])
        return adam({**d, 'averages': averages}, gradients), loss

    def content(state, batch):
        x, r, t = batch
        g = state['g']

        def loss_of(w):
            y, s = generate(w, g['averages'], x, r)
            return jnp.abs(y - t).mean(), s
        (loss, averages), gradients = jax.value_and_grad(loss_of, has_aux=True)(g['weights'])
        return {**state, 'g': adam({**g, 'averages': averages}, gradients)}, loss

    def discriminator(state, batch):
        x, r, t = batch
        y, averages = generate(state['g']['weights'], state['g']['averages'], x, r)
        d, loss = update_d(state['d'], y, x, r, t)
        return {'g': {**state['g'], 'averages': averages}, 'd': d}, loss

    def gan(state, batch):
        x, r, t = batch
        g = state['g']
        # Once for both updates, as in a paired update.
        y, back, averages = jax.vjp(lambda w: generate(w, g['averages'], x, r), g['weights'], has_aux=True)
        d, _ = update_d(state['d'], y, x, r, t)

        def loss_of(y):
            judged, s = discriminate(d['weights'], d['averages'], jnp.concatenate([y, x, r], 3))
            return jnp.abs(y - t).mean() + (-0.5 * log(judged)).mean(), s
        (loss, d_averages), towards = jax.value_and_grad(loss_of, has_aux=True)(y)
        (gradients,) = back(towards)
        g = adam({**g, 'averages': averages}, gradients)
        return {'g': g, 'd': {**d, 'averages': d_averages}}, loss

    steps = {'generator': content, 'discriminator': discriminator, 'gan': gan}
    return jax.jit(steps[work], donate_argnums=0)


def state_of(weights, averages):
    """A network's state before its first update."""
    import jax
    import jax.numpy as jnp
    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    again = jax.tree_util.tree_map(jnp.zeros_like, weights)
    step = jnp.zeros((), jnp.float32)
    return {'weights': weights, 'averages': averages, 'm': zeros, 'v': again, 'step': step}


def main():
    args = options_of_updates().parse_args()
    allowed = sorted(os.sched_getaffinity(0))
    if args.threads > 0:
        allowed = allowed[:args.threads]
        os.sched_setaffinity(0, allowed)
    import jax
    g_sizes = generator_sizes(16 if args.quick else 128)
    d_sizes = discriminator_sizes(1 / 16 if args.quick else 1)
    state = {'g': state_of(*initial(g_sizes, 6, 1))}
    if args.work != 'generator':
        state['d'] = state_of(*initial(d_sizes, 5, 2))
    batch = tuple(jax.random.uniform(key, (args.batch, 28, 28, 1))
                  for key in jax.random.split(jax.random.key(3), 3))
    step = make_step(args.work, g_sizes, d_sizes)

    def update():
        nonlocal state
        state, loss = step(state, batch)
        return float(loss)

    measure(update, args, f'JAX {jax.__version__}, {len(allowed)} threads', compiled=True)


if __name__ == '__main__':
    main()
