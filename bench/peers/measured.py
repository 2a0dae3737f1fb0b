"""What the peers of `npm run bench` print: one line of JSON, as bench/measure.ts reads it."""
import argparse
import json
import resource
import statistics
import time


def options_of_peers():
    """A parser with the options that every peer has."""
    parser = argparse.ArgumentParser()
    parser.add_argument('--layout', default='nchw')
    parser.add_argument('--compile', action='store_true')
    parser.add_argument('--threads', type=int, default=0)
    parser.add_argument('--updates', type=int, default=7)
    parser.add_argument('--seconds', type=float, default=0)
    return parser


def options_of_updates():
    """The same for the peers that make the updates of the images' networks."""
    parser = options_of_peers()
    parser.add_argument('--work', default='gan')
    parser.add_argument('--batch', type=int, default=16)
    parser.add_argument('--quick', action='store_true', help='the sizes of the quick profile')
    return parser


def measure(update, args, about, compiled=False):
    """Times `update()`, at least `args.updates` times and until `args.seconds` have passed, one or two runs to warm up
    first, as bench/timing.ts does. Where it is `compiled` the time to compile is what the first run takes longer than the
    others."""
    begin = time.perf_counter()
    update()
    first = (time.perf_counter() - begin) * 1000
    # Compiling says nothing about what an update takes.
    if compiled or first < 5000:
        update()
    times = []
    started = time.perf_counter()
    spent = time.process_time()
    while len(times) < args.updates or time.perf_counter() - started < args.seconds:
        begin = time.perf_counter()
        update()
        times.append((time.perf_counter() - begin) * 1000)
    spent = time.process_time() - spent
    compile_time = max(0, first - statistics.median(times)) if compiled else 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({
        'times': times,
        'cpuMs': spent * 1000 / len(times),
        'firstMs': first - compile_time,
        'compileMs': compile_time,
        'peakBytes': peak,
        'about': about,
    }))
