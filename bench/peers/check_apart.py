"""Whether torch_apart.py computes what bench/apart does: a folder of its weights, batch and losses.

The losses of the first updates must agree, from the same weights and the same batch.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch

import torch_apart as peer

TOLERANCE = 1e-4


def main():
    folder = Path(sys.argv[1])
    about = json.loads((folder / 'ours.json').read_text())

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
    update = peer.update_of(model, x, y)
    worst = 0.0
    for number, ours in enumerate(about['losses']):
        theirs = update()
        worst = max(worst, abs(ours - theirs) / abs(theirs))
        print(f'  {about["work"]}, update {number + 1}: ncn/engine {ours:.6f}, PyTorch {theirs:.6f}')
    equal = worst < TOLERANCE
    print(f'{about["work"]} against PyTorch: largest relative difference {worst:.1e} '
          f'(tolerance {TOLERANCE:.0e}): {"equal" if equal else "DIFFERENT"}')
    return 0 if equal else 1


sys.exit(main())
