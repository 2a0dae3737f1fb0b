"""The experiments dcnn_v1 and conditional_v1 in PyTorch, written from the post's description.

Reads a folder that bench/check-peers.ts wrote (checkpoint of update 0, batches, our losses, our
state afterwards), computes the same updates from the same start, and compares. Uses torch and numpy
alone; nothing of it is generated from, or calls, the TypeScript.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

EPSILON = 1e-8
BN_EPSILON, BN_MOMENTUM = 1e-3, 0.99
BETA1, BETA2, ADAM_EPSILON = 0.9, 0.999, 1e-8
# The reference is computed in double precision, and once more in single precision: Adam's first steps
# have the size of the rate wherever a gradient is not exactly zero, so that among the 45 million
# weights of the documented discriminator rounding decides the sign of many. How far single precision
# alone leads away is measured (with oneDNN's convolutions and without), and ours may be no more than this
# many times as far.
ROUNDING_FACTOR = 5
# The gradients of the first update are compared by the same factor, tensor by tensor. A single loss after it is a
# number in which thousands of such signs add up or cancel: it may be further off.
LATER_FACTOR = 20
LOSS_TOLERANCE = 1e-5
STATISTIC_TOLERANCE = 1e-3
# Where a gradient is nearly zero, Adam's step depends on its rounding.
WAY_TOLERANCE = 2e-2
# Over hundreds of updates rounding grows until nothing agrees, in PyTorch's own single precision too.
# Until then losses must agree to four digits: the first update at which ours are further than this from
# the reference must come no earlier than this share of the updates that single precision takes to get
# as far. Behind it the trainings go different ways, but must go as well: the mean of the content
# loss over the last updates, in relation.
FOUR_DIGITS = 1e-4
SHARE_OF_UPDATES = 0.8
LAST_UPDATES, CONTENT_TOLERANCE = 50, 0.1


def read_safetensors(path):
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    tensors = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + size + offset for offset in about["data_offsets"])
        values = np.frombuffer(raw[begin:end], "<f4").reshape(about["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


class Network:
    """Parameters of a network, and how its layers use them; moments are noted, not yet applied."""

    def __init__(self, name, state):
        self.name = name
        self.state = {k[len(name) + 1 :]: v for k, v in state.items() if k.startswith(name + "/")}
        self.weights = {k: v for k, v in self.state.items() if "/moving_" not in k}
        self.noted = []
        self.m = {k: torch.zeros_like(v) for k, v in self.weights.items()}
        self.v = {k: torch.zeros_like(v) for k, v in self.weights.items()}
        self.steps = 0
        for weight in self.weights.values():
            weight.requires_grad_(True)

    def conv(self, name, x, stride=1, pad=0):
        kernel = self.weights[name + "/kernel"].permute(3, 2, 0, 1)  # HWIO to OIHW
        return F.conv2d(x, kernel, self.weights[name + "/bias"], stride=stride, padding=pad)

    def norm(self, name, x):
        gamma, beta = self.weights[name + "/gamma"], self.weights[name + "/beta"]
        mean = x.mean((0, 2, 3)).detach()
        variance = x.var((0, 2, 3), unbiased=False).detach()
        self.noted.append((name, mean, variance))
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=BN_EPSILON)

    def move_averages(self):
        for name, mean, variance in self.noted:
            for key, value in (("mean", mean), ("variance", variance)):
                old = self.state[f"{name}/moving_{key}"]
                self.state[f"{name}/moving_{key}"] = (
                    BN_MOMENTUM * old + (1 - BN_MOMENTUM) * value
                )

    def adam(self, loss, rate):
        """TensorFlow 1: the bias correction is in the rate, epsilon beside the plain root."""
        names = list(self.weights)
        gradients = torch.autograd.grad(loss, [self.weights[n] for n in names])
        self.steps += 1
        step_rate = rate * (1 - BETA2**self.steps) ** 0.5 / (1 - BETA1**self.steps)
        with torch.no_grad():
            for name, gradient in zip(names, gradients):
                self.m[name] = BETA1 * self.m[name] + (1 - BETA1) * gradient
                self.v[name] = BETA2 * self.v[name] + (1 - BETA2) * gradient**2
                change = step_rate * self.m[name] / (self.v[name].sqrt() + ADAM_EPSILON)
                self.weights[name] -= change


def generate(net, mixture, reference):
    """Figure 7: conv-BN-ELU, four residual blocks, two channels plus the long skip, sigmoid."""
    seen = torch.cat([mixture, reference], 1)
    h = F.elu(net.norm("bn1", net.conv("conv1", seen, pad=1)))
    for i in range(2, 6):
        h = F.elu(net.norm(f"bn{i}", net.conv(f"conv{i}", h, pad=1))) + h
    h = F.elu(net.norm("bn6", net.conv("conv6", h, pad=1))) + seen
    return torch.sigmoid(net.conv("output", h, pad=1))


def discriminate(net, image, mixture, reference):
    """Figure 9: sees image, mixture and reference."""
    h = torch.cat([image, mixture, reference], 1)
    for i, (stride, pad) in enumerate([(1, 0), (1, 0), (1, 0), (2, 1), (2, 1)], 1):
        h = F.elu(net.norm(f"bn{i}", net.conv(f"conv{i}", h, stride, pad)))
    h = F.elu(net.conv("conv6", h))
    return torch.sigmoid(net.conv("conv7", h))


def update(g, d, batch, rate):
    """One update; conditional_v1: D, then G, on the same batch. Returns the losses."""
    mixture, reference, target = batch
    losses = {}
    if d is not None:
        g.noted, d.noted = [], []
        fake = generate(g, mixture, reference).detach()
        real_score = discriminate(d, target, mixture, reference)
        fake_score = discriminate(d, fake, mixture, reference)
        loss = -0.5 * (torch.log(real_score + EPSILON) + torch.log(1 - fake_score + EPSILON))
        losses["discriminator/loss"] = loss.mean()
        losses["discriminator/real"] = real_score.mean()
        losses["discriminator/fake"] = fake_score.mean()
        d.adam(losses["discriminator/loss"], rate)
        d.move_averages()
    g.noted = []
    output = generate(g, mixture, reference)
    losses["generator/content"] = (target - output).abs().mean()
    losses["generator/loss"] = losses["generator/content"]
    if d is not None:
        score = discriminate(d, output, mixture, reference)
        losses["generator/adversarial"] = (-0.5 * torch.log(score + EPSILON)).mean()
        losses["generator/loss"] = losses["generator/content"] + losses["generator/adversarial"]
    g.adam(losses["generator/loss"], rate)
    g.move_averages()
    return {name: value.item() for name, value in losses.items()}


def read_batch(path, draws, dtype):
    """Augmentation A: min(1, a·target + b·reference + noise), the plain reference, a·target."""
    images = read_safetensors(path)
    raw = {k.split("/")[-1]: v.to(dtype).permute(0, 3, 1, 2) for k, v in images.items()}
    gains = {k.split("/")[-1]: v for k, v in draws.items()}
    target = gains["a"] * raw["target"]
    mixture = (target + gains["b"] * raw["reference"] + raw["noise"]).clamp(max=1)
    return mixture, raw["reference"], target


def bias_before_norm(name, net):
    """Normalisation takes such a bias out again: it has no effect."""
    return name.endswith("/bias") and name.replace("conv", "bn").replace("bias", "gamma") in net.weights


class Reference:
    """The experiment from its checkpoint, in single or double precision."""

    def __init__(self, folder, ours, dtype):
        checkpoint = folder / "checkpoints" / "update-000000000" / "state.safetensors"
        start = {k: v.to(dtype) for k, v in read_safetensors(checkpoint).items()}
        self.folder, self.ours, self.dtype = folder, ours, dtype
        self.untouched = {k: v.clone() for k, v in start.items()}
        self.g = Network("generator", start)
        self.d = Network("discriminator", start) if ours["conditional"] else None

    def update(self, number, draws):
        batch = read_batch(self.folder / f"batch-{number}.safetensors", draws, self.dtype)
        return update(self.g, self.d, batch, self.ours["learningRate"])


    def after(self):
        return {
            f"{net.name}/{name}": value.detach()
            for net in [self.g] + ([self.d] if self.d else [])
            for name, value in {**net.state, **net.weights}.items()
        }


def distances(exact, after):
    """How far a state is from that of the exact computation after its last update."""
    means, variances, moved, apart = 0.0, 0.0, 0.0, 0.0
    for net in [exact.g] + ([exact.d] if exact.d else []):
        for name, value in {**net.state, **net.weights}.items():
            value, other = value.detach(), after[f"{net.name}/{name}"].double()
            difference = float((other - value).abs().max())
            if name.endswith("/moving_variance"):
                variances = max(variances, difference / float(value.abs().max()))
            elif name.endswith("/moving_mean"):
                means = max(means, difference)
            elif not bias_before_norm(name, net):
                begin = exact.untouched[f"{net.name}/{name}"]
                moved += float(((value - begin) ** 2).sum())
                apart += float(((other - value) ** 2).sum())
    return {"means": means, "variances": variances, "parameters": (apart / moved) ** 0.5}


def gradients_apart(exact, moments):
    """The largest error of a gradient, by the length of the exact one, with the tensor's name; from Adam's first moments.

    That of a bias before a norm is rounding alone.
    """
    return max(
        (float((moments(net, name).double() - m).norm() / m.norm()), f"{net.name}/{name}")
        for net in [exact.g] + ([exact.d] if exact.d else [])
        for name, m in net.m.items()
        if not bias_before_norm(name, net)
    )


def distance(losses, exact):
    return max(abs(losses[name] - value) / max(abs(value), 1e-2) for name, value in exact.items())


def follow(ours, double, single):
    """How long ours, and theirs in single precision, agree with theirs in double precision."""
    updates = ours["updates"]
    lasts = {"ours": None, "theirs": None}
    worst = {"ours": 0.0, "theirs": 0.0}
    contents = []
    for i, line in enumerate(updates, 1):
        exact = double.update(i, line["draws"])
        others = {"ours": line["losses"], "theirs": single.update(i, line["draws"])}
        for who, losses in others.items():
            far = distance(losses, exact)
            worst[who] = max(worst[who], far)
            if far > FOUR_DIGITS and lasts[who] is None:
                lasts[who] = i
        contents.append([losses["generator/content"] for losses in (line["losses"], exact)])
        if i % 50 == 0 or i == 1:
            print(
                f"  to update {i}: largest relative difference of a loss so far: ours {worst['ours']:.1e}, "
                f"theirs in single precision {worst['theirs']:.1e}; content {contents[-1][0]:.6f} {contents[-1][1]:.6f}"
            )
    agreed = {who: len(updates) if last is None else last - 1 for who, last in lasts.items()}
    means = [float(np.mean([pair[j] for pair in contents[-LAST_UPDATES:]])) for j in (0, 1)]
    apart = abs(means[0] / means[1] - 1)
    print(
        f"  four digits ({FOUR_DIGITS:.0e}) for {agreed['ours']} updates, theirs in single precision for "
        f"{agreed['theirs']} (at least {SHARE_OF_UPDATES} of that)"
    )
    print(
        f"  content loss, mean of the last {LAST_UPDATES}: {means[0]:.6f} {means[1]:.6f}, "
        f"{apart:.1e} apart (tolerance {CONTENT_TOLERANCE})"
    )
    return agreed["ours"] >= SHARE_OF_UPDATES * agreed["theirs"] and apart < CONTENT_TOLERANCE


def main(folder):
    ours = json.loads((folder / "ours.json").read_text())
    double = Reference(folder, ours, torch.float64)
    single = Reference(folder, ours, torch.float32)
    count = len(ours["updates"])
    print(
        f"{count} updates, batch {ours['batch']}, {ours['dataset']}, "
        f"engine {ours['engine']}, torch {torch.__version__}"
    )
    if ours["followed"]:
        good = follow(ours, double, single)
        print("  equal within tolerance" if good else "  NOT EQUAL")
        return 0 if good else 1
    # One loss may by chance be where it should be: single precision is computed in two ways.
    other = Reference(folder, ours, torch.float32)
    first, far, near = 0.0, 0.0, True
    for i, line in enumerate(ours["updates"], 1):
        exact = double.update(i, line["draws"])
        mine = distance(line["losses"], exact)
        theirs = distance(single.update(i, line["draws"]), exact)
        with torch.backends.mkldnn.flags(enabled=False):
            theirs = max(theirs, distance(other.update(i, line["draws"]), exact))
        if i == 1:
            written = read_safetensors(folder / "first-gradients.safetensors")
            gradient, worst = gradients_apart(
                double, lambda net, name: written[f"optimizer/main/{net.name}/{name}/m"])
            own = max(gradients_apart(double, lambda net, name: (one.g if net is double.g else one.d).m[name])
                      for one in (single, other))
            print(f"  gradients of the first update: ours {gradient:.1e} from double precision ({worst}), "
                  f"theirs in single precision {own[0]:.1e} ({own[1]}; tolerance {ROUNDING_FACTOR} times)")
        first = mine if i == 1 else first
        # What rounding has done so far does not go away again.
        far = max(far, theirs)
        near = near and mine < LATER_FACTOR * far + LOSS_TOLERANCE
        if i in (1, 2, 3, count):
            shown = "  ".join(f"{n} {line['losses'][n]:.6f} {v:.6f}" for n, v in exact.items())
            print(f"  update {i}: (ours, theirs in double precision)  {shown}")
            print(f"    relative difference: ours {mine:.1e}, theirs in single precision {theirs:.1e}")
    mine = distances(double, read_safetensors(folder / "after.safetensors"))
    theirs = distances(double, single.after())
    # Rounding noise is all the gradient that a bias before a norm has, and Adam makes whole steps of it.
    drift = 2 * ours["learningRate"] * count
    way = max(WAY_TOLERANCE, ROUNDING_FACTOR * theirs["parameters"])
    print(f"  losses: at first {first:.1e} (tolerance {LOSS_TOLERANCE:.0e}), then within "
          f"{LATER_FACTOR} times single precision's own way: {near}")
    print(f"  moving variances: {mine['variances']:.1e} relative (tolerance {STATISTIC_TOLERANCE:.0e})")
    print(f"  moving means: {mine['means']:.1e} (tolerance {drift:.0e}: the biases before them wander)")
    print(f"  parameters, relative to the way they went: {mine['parameters']:.1e}, "
          f"theirs in single precision {theirs['parameters']:.1e} (tolerance {way:.0e})")
    good = (
        first < LOSS_TOLERANCE
        and gradient < ROUNDING_FACTOR * own[0]
        and near
        and mine["variances"] < STATISTIC_TOLERANCE
        and mine["means"] < drift
        and mine["parameters"] < way
    )
    print("  equal within tolerance" if good else "  NOT EQUAL")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
