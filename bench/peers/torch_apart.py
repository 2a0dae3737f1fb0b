"""One case of `npm run bench` in PyTorch: the U-Net and the ResNet of bench/apart/works.ts, in one process.

    python3 torch_apart.py --work unet|resnet --batch N --layout nchw|channels_last [--compile]
                           [--threads N] [--updates N] [--seconds S]

Prints one line of JSON, as torch_updates.py.
"""
import torch
from torch import nn
from torch.nn import functional as F

from measured import measure, options_of_peers


class Normed(nn.Module):
    """A convolution and its batch normalisation; `same` padding as TensorFlow has it."""

    def __init__(self, taps, i, o, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(i, o, taps, stride=stride, bias=False,
                              padding=taps // 2 if stride == 1 else 0)
        # With stride 2 and an even side, there is one more row behind than before.
        self.pad = (0, 1, 0, 1) if stride == 2 and taps == 3 else None
        self.norm = nn.BatchNorm2d(o)

    def forward(self, h):
        return self.norm(self.conv(F.pad(h, self.pad) if self.pad else h))


class Twice(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.a, self.b = Normed(3, i, o), Normed(3, o, o)

    def forward(self, h):
        return F.relu(self.b(F.relu(self.a(h))))


class UNet(nn.Module):
    side = 64

    def __init__(self, width=16):
        super().__init__()
        w = width
        self.down1, self.down2, self.middle = Twice(3, w), Twice(w, 2 * w), Twice(2 * w, 4 * w)
        self.up2 = nn.ConvTranspose2d(4 * w, 2 * w, 2, stride=2)
        self.back2 = Twice(4 * w, 2 * w)
        self.up1 = nn.ConvTranspose2d(2 * w, w, 2, stride=2)
        self.back1 = Twice(2 * w, w)
        self.last = nn.Conv2d(w, 3, 1, bias=False)

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(F.max_pool2d(one, 2))
        low = self.middle(F.max_pool2d(two, 2))
        middle = self.back2(torch.cat([self.up2(low), two], 1))
        return self.last(self.back1(torch.cat([self.up1(middle), one], 1)))


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.a, self.b = Normed(3, i, o, 1 if i == o else 2), Normed(3, o, o)
        self.short = nn.Identity() if i == o else Normed(1, i, o, 2)

    def forward(self, h):
        return F.relu(self.b(F.relu(self.a(h))) + self.short(h))


class ResNet(nn.Module):
    side = 32

    def __init__(self, width=16):
        super().__init__()
        self.first = Normed(3, 3, width)
        outs = [width, width, 2 * width, 2 * width, 4 * width, 4 * width]
        self.blocks = nn.Sequential(*[Block(i, o) for i, o in zip([width, *outs], outs)])
        self.classes = nn.Linear(4 * width, 10)

    def forward(self, x):
        return self.classes(self.blocks(F.relu(self.first(x))).mean((2, 3)))


def update_of(model, x, y, compiled=False):
    """A function that does one update and returns its loss. y: an image, or classes."""
    parameters = list(model.parameters())
    loss_of = F.mse_loss if y.is_floating_point() else F.cross_entropy
    adam = torch.optim.Adam(parameters, 1e-3)
    forward = torch.compile(model) if compiled else model

    def update():
        adam.zero_grad(set_to_none=True)
        loss = loss_of(forward(x), y)
        loss.backward()
        adam.step()
        return loss.item()

    return update


def main():
    parser = options_of_peers()
    parser.add_argument('--work', default='unet')
    parser.add_argument('--batch', type=int, default=16)
    args = parser.parse_args()
    if args.threads > 0:
        torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    model = UNet() if args.work == 'unet' else ResNet()
    shape = (args.batch, 3, model.side, model.side)
    x = 2 * torch.rand(shape) - 1
    y = 2 * torch.rand(shape) - 1 if args.work == 'unet' else torch.arange(args.batch) % 10
    if args.layout == 'channels_last':
        model, x = (v.to(memory_format=torch.channels_last) for v in (model, x))
    kind = 'compile' if args.compile else args.layout
    about = f'PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {kind}'
    measure(update_of(model, x, y, args.compile), args, about, args.compile)


if __name__ == '__main__':
    main()
