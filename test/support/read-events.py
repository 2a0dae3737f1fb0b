"""Prints what TensorBoard's own reader finds in a folder's event file, as JSON."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

everything = {"scalars": 0, "images": 0, "histograms": 0, "tensors": 0}
events = EventAccumulator(sys.argv[1], size_guidance=everything).Reload()
tags = events.Tags()
scalars = {t: [[e.step, e.value] for e in events.Scalars(t)] for t in tags["scalars"]}
tensors = {}
for t in tags["tensors"]:
    if events.SummaryMetadata(t).plugin_data.plugin_name == "scalars":  # as TensorFlow 2 writes them
        scalars[t] = [[e.step, float(make_ndarray(e.tensor_proto))] for e in events.Tensors(t)]
    else:
        tensors[t] = [e.step for e in events.Tensors(t)]
json.dump(
    {
        "scalars": scalars,
        "images": {t: [[e.step, e.width, e.height] for e in events.Images(t)] for t in tags["images"]},
        "histograms": {
            t: [[e.step, e.histogram_value.num] for e in events.Histograms(t)]
            for t in tags["histograms"]
        },
        "tensors": tensors,
    },
    sys.stdout,
)
