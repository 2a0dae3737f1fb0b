"""Whether jax_updates.py computes what torch_updates.py does: the same weights, the same batch, three updates.

Losses of each update, and the weights afterwards, must agree. Without JAX it says so and ends with 0.
"""
import sys

import numpy as np
import torch

import jax_updates as ours
import torch_updates as theirs

TOLERANCE, UPDATES = 1e-4, 3


def of_module(module):
    """Weights and averages of a network of torch_updates.py, as jax_updates.py has them."""
    import jax.numpy as jnp
    convs = [*module.convs, *([module.last] if hasattr(module, 'last') else [])]

    def array(t):
        return jnp.array(t.detach().numpy())
    weights = {
        'convs': [{'kernel': array(c.weight.permute(2, 3, 1, 0)), 'bias': array(c.bias)} for c in convs],
        'norms': [{'gamma': array(n.weight), 'beta': array(n.bias)} for n in module.norms]}
    averages = [{'mean': array(n.running_mean), 'variance': array(n.running_var)} for n in module.norms]
    return weights, averages


def main():
    try:
        import jax
    except ImportError as error:
        print(f'JAX against PyTorch: skipped: {error}')
        return 0
    worst = 0.0
    for work in ['generator', 'discriminator', 'gan']:
        torch.manual_seed(1)
        g, d = theirs.Generator(6), theirs.Discriminator(1 / 32)
        batch = [torch.rand(3, 1, 28, 28) for _ in range(3)]
        state = {'g': ours.state_of(*of_module(g)), 'd': ours.state_of(*of_module(d))}
        step = ours.make_step(work, ours.generator_sizes(6), ours.discriminator_sizes(1 / 32))
        update = theirs.update_of(work, g, d, batch)
        as_jax = tuple(jax.numpy.array(v.permute(0, 2, 3, 1).numpy()) for v in batch)
        for number in range(UPDATES):
            state, loss = step(state, as_jax)
            expected = update()
            worst = max(worst, abs(float(loss) - expected) / abs(expected))
            print(f'  {work}, update {number + 1}: JAX {float(loss):.6f}, PyTorch {expected:.6f}')
        for name, module in [('g', g), ('d', d)]:
            moved = jax.tree_util.tree_leaves(state[name]['averages'])
            wanted = jax.tree_util.tree_leaves(of_module(module)[1])
            for a, b in zip(moved, wanted):
                worst = max(worst, float(np.max(np.abs(a - b) / (1 + np.abs(b)))))
    equal = worst < TOLERANCE
    print(f'JAX against PyTorch: largest relative difference {worst:.1e} (tolerance {TOLERANCE:.0e}): '
          f'{"equal" if equal else "DIFFERENT"}')
    return 0 if equal else 1


sys.exit(main())
