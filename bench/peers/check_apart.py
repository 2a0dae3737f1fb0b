"""Whether torch_apart.py computes what bench/apart does: a folder of its weights, batch and losses.

The losses of the first updates must agree, from the same weights and the same batch. PyTorch computes them in
double precision, and in single for a measure of what rounding alone does: Adam's first steps are as long for a
gradient that is all rounding as for any other, and batch normalisation spreads what comes of it.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch

import torch_apart as peer

FIRST = 1e-5
# What comes later may be as far from double precision as this many times single precision's own way.
TIMES = 10
TOLERANCE = 1e-4


def losses_of(about, dtype):
    def tensor(entry):
        return torch.from_numpy(np.array(entry['data'], np.float32).reshape(entry['shape']))
    model = (peer.UNet if about['work'] == 'unet' else peer.ResNet)(about['width'])
    # Both name their weights in the same order.
    parameters = list(model.parameters())
    assert len(parameters) == len(about['weights']), 'not the same weights'
    for mine, entry in zip(parameters, about['weights']):
        theirs = tensor(entry)
        if theirs.dim() == 4:
            theirs = theirs.permute(3, 2, 0, 1)
        mine.data = (theirs.T if theirs.dim() == 2 else theirs).contiguous()
    x, y = tensor(about['x']).permute(0, 3, 1, 2), tensor(about['y'])
    y = y.permute(0, 3, 1, 2) if y.dim() == 4 else y.argmax(1)
    update = peer.update_of(model.to(dtype), x.to(dtype), y.to(dtype) if y.dim() == 4 else y)
    return [update() for _ in about['losses']]


def main():
    about = json.loads((Path(sys.argv[1]) / 'ours.json').read_text())
    work, ours = about['work'], about['losses']
    exact, single = losses_of(about, torch.float64), losses_of(about, torch.float32)
    equal = True
    for number, (mine, theirs, rounded) in enumerate(zip(ours, exact, single)):
        far, own = abs(mine - theirs) / abs(theirs), abs(rounded - theirs) / abs(theirs)
        allowed = FIRST if number == 0 else max(TOLERANCE, TIMES * own)
        equal = equal and far < allowed
        print(f'  {work}, update {number + 1}: ncn/engine {mine:.6f}, PyTorch in double precision {theirs:.6f}: '
              f'{far:.1e} apart, single precision {own:.1e} (tolerance {allowed:.0e})')
    print(f'{work} against PyTorch: {"equal within tolerance" if equal else "DIFFERENT"}')
    return 0 if equal else 1


sys.exit(main())
