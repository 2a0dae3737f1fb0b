"""One case of `npm run bench` in PyTorch: the speech network's update, written as one would there.

    python3 torch_speech.py --batch N --seconds-of-sound S [--form crn|tcn] [--wide] [--compile]
                            [--threads N] [--updates N] [--seconds S]

The network of `speech.generator`, the losses of `speech.content`, gradients of limited norm and Muon.
Spectra by torch.fft. Prints one line of JSON, as torch_updates.py.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from measured import measure, options_of_peers

HOP, LENGTH, BINS = 256, 512, 257
WINDOW = torch.sin(math.pi * torch.arange(LENGTH) / LENGTH)


def leaky(x):
    return F.leaky_relu(x, 0.2)


def norm(channels, rank=2):
    return (nn.BatchNorm2d if rank == 2 else nn.BatchNorm1d)(channels, eps=1e-3, momentum=0.01)


def spectra(blocks):
    """[batch, blocks, 256] to real and imaginary part, [batch, blocks - 1, 257]."""
    frames = torch.cat([blocks[:, :-1], blocks[:, 1:]], 2) * WINDOW
    spectrum = torch.fft.rfft(frames)
    return spectrum.real, spectrum.imag


def frames_of(x, before, after):
    return spectra(F.pad(x.view(x.shape[0], -1, HOP), (0, 0, before, after)))


def power(re, im):
    return re * re + im * im + 1e-10


def compress(re, im):
    p = power(re, im)
    slope = p ** -0.35
    return p ** 0.15, re * slope, im * slope


class Blocks(nn.Module):
    def __init__(self, width, dilations):
        super().__init__()
        self.dilations = dilations
        self.convs = nn.ModuleList(
            [nn.Conv1d(width, width, 3, dilation=d, bias=False) for d in dilations])
        self.norms = nn.ModuleList([norm(width, 1) for _ in dilations])
        self.outs = nn.ModuleList([nn.Linear(width, width) for _ in dilations])

    def forward(self, h):
        for dilation, conv, bn, out in zip(self.dilations, self.convs, self.norms, self.outs):
            y = leaky(bn(conv(F.pad(h.transpose(1, 2), (2 * dilation, 0)))))
            h = h + out(y.transpose(1, 2))
        return h


class Crn(nn.Module):
    def __init__(self, features, masks, filters, width, dilations):
        super().__init__()
        sides = [math.ceil(BINS / 2 ** i) for i in range(len(filters) + 1)]
        self.sides, counts = sides, [features, *filters]
        pads = [max(0, (s - 1) * 2 + 5 - b) for b, s in zip(sides, sides[1:])]
        self.pads = [(p // 2, p - p // 2) for p in pads]
        self.down = nn.ModuleList(
            [nn.Conv2d(i, o, (1, 5), (1, 2), bias=False) for i, o in zip(counts, filters)])
        self.down_norms = nn.ModuleList([norm(o) for o in filters])
        flat = sides[-1] * filters[-1]
        self.inward, self.outward = nn.Linear(flat, width), nn.Linear(width, flat)
        self.blocks = Blocks(width, dilations)
        outs = [masks, *filters[:-1]]
        self.up = nn.ModuleList([
            nn.ConvTranspose2d(2 * i, o, (1, 5), (1, 2), bias=False) for i, o in zip(filters, outs)])
        self.up_norms = nn.ModuleList([norm(o) for o in outs[1:]])

    def forward(self, h):
        skips = []
        for conv, bn, pad in zip(self.down, self.down_norms, self.pads):
            h = leaky(bn(conv(F.pad(h, pad))))
            skips.append(h)
        batch, channels, frames, side = h.shape
        flat = h.permute(0, 2, 3, 1).reshape(batch, frames, side * channels)
        flat = flat + self.outward(self.blocks(self.inward(flat)))
        h = flat.view(batch, frames, side, channels).permute(0, 3, 1, 2)
        for i in range(len(self.up) - 1, -1, -1):
            y = self.up[i](torch.cat([h, skips[i]], 1))
            left = self.pads[i][0]
            y = y[..., left:left + self.sides[i]]
            h = y if i == 0 else leaky(self.up_norms[i - 1](y))
        return h


class Tcn(nn.Module):
    def __init__(self, features, masks, filters, width, dilations):
        super().__init__()
        self.masks = masks
        self.inward = nn.Linear(BINS * features, width)
        self.outward = nn.Linear(width, BINS * masks)
        self.blocks = Blocks(width, dilations)

    def forward(self, h):
        batch, features, frames, bins = h.shape
        flat = h.permute(0, 2, 3, 1).reshape(batch, frames, bins * features)
        y = self.outward(self.blocks(self.inward(flat)))
        return y.view(batch, frames, bins, self.masks).permute(0, 3, 1, 2)


class Masked(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.norm, self.network = norm(8), network
        self.bias = nn.Parameter(torch.tensor([0.8, 0, 0, 0]).view(1, 4, 1, 1).repeat(1, 1, 1, BINS))

    def forward(self, x, reference, cancelled):
        mic, linear, played = (frames_of(v, 1, 1) for v in (x, cancelled, reference))
        m, l = compress(*mic), compress(*linear)
        echo = power(mic[0] - linear[0], mic[1] - linear[1]) ** 0.15
        seen = self.norm(torch.stack([*m, *l, echo, power(*played) ** 0.15], 1))
        h = torch.tanh(self.network(seen) + self.bias)
        a, b, c, d = h[:, 0] * 1.5, h[:, 1] * 1.5, h[:, 2] * 0.75, h[:, 3] * 0.75
        re = a * linear[0] - b * linear[1] + c * mic[0] - d * mic[1]
        im = a * linear[1] + b * linear[0] + c * mic[1] + d * mic[0]
        windows = torch.fft.irfft(torch.complex(re, im)) * WINDOW
        blocks = windows[:, :-1, HOP:] + windows[:, 1:, :HOP]
        return blocks.reshape(x.shape)


def loss_of(y, t):
    (my, ry, iy), (mt, rt, it) = (compress(*frames_of(v, 1, 1)) for v in (y, t))
    spectral = 0.7 * F.mse_loss(my, mt) + 0.3 * (F.mse_loss(ry, rt) + F.mse_loss(iy, it))
    square = (t * t).sum(1)
    scale = (y * t).sum(1) / (square + 1e-8)
    error = ((scale[:, None] * t - y) ** 2).sum(1)
    ratio = (scale ** 2 * square + 1e-8) / (error + 1e-8)
    spoken = (square > 1e-7 * t.shape[1]).float()
    decibel = (10 / math.log(10)) * torch.log(ratio)
    return spectral - 0.0025 * (decibel * spoken).sum() / spoken.sum().clamp(min=1)


def orthogonalised(x):
    wide = x if x.shape[0] <= x.shape[1] else x.T
    y = wide / (wide.norm() + 1e-7)
    for _ in range(5):
        square = y @ y.T
        both = torch.addmm(square, square, square, beta=-4.775, alpha=2.0315)
        y = torch.addmm(y, both, y, beta=3.4445)
    return y if x.shape[0] <= x.shape[1] else y.T


class Muon:
    """Matrices by orthogonal steps, as torch.optim.Muon; what has one axis by AdamW."""

    def __init__(self, parameters, rate=5e-3, decay=1e-4):
        self.rate, self.decay = rate, decay
        self.matrices = [p for p in parameters if p.dim() > 1]
        self.sums = [torch.zeros_like(p) for p in self.matrices]
        vectors = [p for p in parameters if p.dim() == 1]
        self.adam = torch.optim.AdamW(vectors, rate, weight_decay=decay)

    @torch.no_grad()
    def step(self):
        for p, m in zip(self.matrices, self.sums):
            m.mul_(0.95).add_(p.grad)
            ahead = (p.grad + 0.95 * m).reshape(p.shape[0], -1)
            change = orthogonalised(ahead).view(p.shape)
            p.mul_(1 - self.rate * self.decay)
            p.add_(change, alpha=-self.rate * 0.2 * math.sqrt(max(ahead.shape)))
        self.adam.step()


def main():
    parser = options_of_peers()
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--length', type=float, default=3)
    parser.add_argument('--form', default='crn')
    parser.add_argument('--wide', action='store_true')
    args = parser.parse_args()
    if args.threads > 0:
        torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    filters, width = ([24, 32, 48, 64], 256) if args.wide else ([12, 16, 24, 32], 128)
    kind = Crn if args.form == 'crn' else Tcn
    model = Masked(kind(8, 4, filters, width, [1, 2, 4, 8, 1, 2]))
    if args.layout == 'channels_last':
        model = model.to(memory_format=torch.channels_last)
    samples = int(args.length * 16000) // HOP * HOP
    x, r, c, t = (0.2 * (torch.rand(args.batch, samples) - 0.5) for _ in range(4))
    parameters = list(model.parameters())
    optimizer = Muon(parameters)

    def forward():
        return loss_of(model(x, r, c), t)

    compute = torch.compile(forward) if args.compile else forward

    def update():
        for p in parameters:
            p.grad = None
        loss = compute()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 0.05)
        optimizer.step()
        return loss.item()

    kind = 'compile' if args.compile else args.layout
    measure(update, args, f'PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {kind}', args.compile)


if __name__ == '__main__':
    main()
