"""One case of `npm run bench` in PyTorch: the same networks, losses and Adam, in one process.

    python3 torch_updates.py --work generator|discriminator|gan --batch N --layout nchw|channels_last
                             [--quick] [--compile] [--threads N] [--updates N] [--seconds S]

Prints one line of JSON: milliseconds of each update, peak memory, versions.
"""

import torch
from torch import nn
from torch.nn import functional as F

from measured import measure, options_of_updates


class Generator(nn.Module):
    def __init__(self, width):
        super().__init__()
        sizes = [(2, width)] + [(width, width)] * 4 + [(width, 2)]
        self.convs = nn.ModuleList([nn.Conv2d(i, o, 3, padding=1) for i, o in sizes])
        self.norms = nn.ModuleList([nn.BatchNorm2d(o, eps=1e-3, momentum=0.01) for _, o in sizes])
        self.last = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, x, reference):
        seen = torch.cat([x, reference], 1)
        h = F.elu(self.norms[0](self.convs[0](seen)))
        for i in range(1, 5):
            h = F.elu(self.norms[i](self.convs[i](h))) + h
        return torch.sigmoid(self.last(F.elu(self.norms[5](self.convs[5](h))) + seen))


class Discriminator(nn.Module):
    def __init__(self, share):
        super().__init__()
        a, b, c, d, e, f = (round(share * n) for n in (64, 128, 256, 512, 1024, 2048))
        sizes = [(5, 3, a, 1, 0), (5, a, b, 1, 0), (5, b, c, 1, 0), (4, c, d, 2, 1),
                 (4, d, e, 2, 1), (4, e, f, 1, 0), (1, f, 1, 1, 0)]
        self.convs = nn.ModuleList(
            [nn.Conv2d(i, o, k, stride=s, padding=p) for k, i, o, s, p in sizes])
        self.norms = nn.ModuleList(
            [nn.BatchNorm2d(size[2], eps=1e-3, momentum=0.01) for size in sizes[:5]])

    def forward(self, h):
        for i, conv in enumerate(self.convs):
            h = conv(h)
            if i < 5:
                h = self.norms[i](h)
            if i < 6:
                h = F.elu(h)
        return torch.sigmoid(h)


def log(x):
    return torch.log(x + 1e-8)


def make_update(work, batch, layout, quick, compiled):
    torch.manual_seed(1)
    g, d = (Generator(16), Discriminator(1 / 16)) if quick else (Generator(128), Discriminator(1))
    x, r, t = (torch.rand(batch, 1, 28, 28) for _ in range(3))
    if layout == 'channels_last':
        g, d = (m.to(memory_format=torch.channels_last) for m in (g, d))
        x, r, t = (v.to(memory_format=torch.channels_last) for v in (x, r, t))
    # The parameters stay those of the modules, so that the optimizers see them.
    parameters_g, parameters_d = list(g.parameters()), list(d.parameters())
    if compiled:
        g, d = torch.compile(g), torch.compile(d)
    return update_of(work, g, d, (x, r, t), parameters_g, parameters_d)


def update_of(work, g, d, batch, parameters_g=None, parameters_d=None):
    """A function that does one update and returns its loss."""
    x, r, t = batch
    parameters_g = parameters_g or list(g.parameters())
    parameters_d = parameters_d or list(d.parameters())
    adam_g = torch.optim.Adam(parameters_g, 1e-4)
    adam_d = torch.optim.Adam(parameters_d, 1e-4)

    def judge(image):
        return d(torch.cat([image, x, r], 1))

    def update_d(y):
        adam_d.zero_grad(set_to_none=True)
        loss = (-0.5 * (log(judge(t)) + log(1 - judge(y.detach())))).mean()
        loss.backward()
        adam_d.step()
        return loss

    def content():
        adam_g.zero_grad(set_to_none=True)
        loss = (g(x, r) - t).abs().mean()
        loss.backward()
        adam_g.step()
        return loss.item()

    def discriminator():
        with torch.no_grad():
            y = g(x, r)
        return update_d(y).item()

    def gan():
        y = g(x, r)  # once for both updates, as in a paired update
        update_d(y)
        for p in parameters_d:
            p.requires_grad_(False)
        adam_g.zero_grad(set_to_none=True)
        loss = (y - t).abs().mean() + (-0.5 * log(judge(y))).mean()
        loss.backward()
        adam_g.step()
        for p in parameters_d:
            p.requires_grad_(True)
        return loss.item()

    return {'generator': content, 'discriminator': discriminator, 'gan': gan}[work]


def main():
    args = options_of_updates().parse_args()
    if args.threads > 0:
        torch.set_num_threads(args.threads)
    update = make_update(args.work, args.batch, args.layout, args.quick, args.compile)
    name = 'compile' if args.compile else args.layout
    measure(update, args, f'PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {name}', args.compile)


if __name__ == '__main__':
    main()
