"""Numbers of PyTorch that test/plugins compares first-party plugins with.

    python bench/peers/batteries.py > test/plugins/golden.json
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, seed):
    """Numbers that TypeScript computes too: sin(seed + 1.7 i)."""
    count = math.prod(shape)
    return torch.tensor([math.sin(seed + 1.7 * i) for i in range(count)]).reshape(shape)


def trajectory(make, steps=6, gather=1):
    """A weight of 4 numbers under gradients 2 sin(t (i + 1)), after each step."""
    weight = torch.tensor([0.7, -0.3, 0.05, 1.2], requires_grad=True)
    optimizer = make([weight])
    found = []
    for step in range(steps):
        parts = [
            torch.tensor([2 * math.sin(t * (i + 1)) for i in range(4)])
            for t in range(step * gather + 1, (step + 1) * gather + 1)
        ]
        weight.grad = sum(parts) / gather
        optimizer.step()
        found.append(weight.detach().tolist())
    return found


def optimizers():
    o = torch.optim
    return {
        "sgd": trajectory(lambda p: o.SGD(p, lr=0.05)),
        "momentum": trajectory(lambda p: o.SGD(p, lr=0.05, momentum=0.9)),
        "nesterov": trajectory(lambda p: o.SGD(p, lr=0.05, momentum=0.9, nesterov=True)),
        "rmsprop": trajectory(lambda p: o.RMSprop(p, lr=0.01, alpha=0.9)),
        "centred": trajectory(lambda p: o.RMSprop(p, lr=0.01, alpha=0.9, centered=True, momentum=0.5)),
        "adamw": trajectory(lambda p: o.AdamW(p, lr=0.01, weight_decay=0.1)),
        "gathered": trajectory(lambda p: o.AdamW(p, lr=0.01, weight_decay=0.1), steps=3, gather=4),
    }


def one_cycle():
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.4, total_steps=20)
    rates = []
    for _ in range(20):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def adversarial():
    real, fake = wave((2, 3), 1) * 2, wave((2, 3), 5) * 2
    bce = F.binary_cross_entropy_with_logits
    one, zero = torch.ones_like(real), torch.zeros_like(real)
    return {
        "hinge": [
            (F.relu(1 - real).mean() + F.relu(1 + fake).mean()).item(),
            (-fake.mean()).item(),
        ],
        "wasserstein": [(fake.mean() - real.mean()).item(), (-fake.mean()).item()],
        "relativistic": [
            (bce(real - fake.mean(), one) + bce(fake - real.mean(), zero)).item(),
            (bce(fake - real.mean(), one) + bce(real - fake.mean(), zero)).item(),
        ],
    }


def losses():
    """Of pictures [2, 7, 9, 2] (channels last in ncn)."""
    output = wave((2, 7, 9, 2), 1).requires_grad_()
    error = output - wave((2, 7, 9, 2), 2)
    first = error.permute(0, 3, 1, 2)
    scales = [first, F.avg_pool2d(first, 2), F.avg_pool2d(F.avg_pool2d(first, 2), 2)]
    values = {
        "charbonnier": torch.sqrt(error**2 + 0.1**2).mean(),
        "multiscale": sum(e.abs().mean() for e in scales) / 3,
        "edges": error.diff(dim=1).abs().mean() + error.diff(dim=2).abs().mean(),
    }
    found = {}
    for name, value in values.items():
        (slope,) = torch.autograd.grad(value, output, retain_graph=True)
        found[name] = [value.item(), (slope * wave(slope.shape, 3)).sum().item()]
    return found


def attention():
    """SAGAN's layer on [2, 3, 2, 8], with gamma 0.5."""
    x = wave((2, 3, 2, 8), 1)
    flat = x.reshape(2, 6, 8)
    query, key, value = flat @ wave((8, 1), 2), flat @ wave((8, 1), 3), flat @ wave((8, 8), 4)
    seen = F.scaled_dot_product_attention(query, key, value, scale=1.0)
    return (x + 0.5 * seen.reshape(x.shape)).flatten().tolist()


print(
    json.dumps(
        {
            "optimizers": optimizers(),
            "oneCycle": one_cycle(),
            "adversarial": adversarial(),
            "losses": losses(),
            "attention": attention(),
        },
        indent=1,
    )
)
