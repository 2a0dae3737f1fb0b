"""The peers of `npm run bench:speech`, on the clips of a folder.

    python3 speech.py FOLDER [--gtcrn gtcrn_simple.onnx]

FOLDER has N.mic.wav, N.ref.wav and N.cancelled.wav (16 kHz, one channel, float32). Writes
N.speex.wav (SpeexDSP's canceller), N.speexpp.wav (with its preprocessor), and, given its model,
N.gtcrn.wav (the canceller's output behind GTCRN). Prints the seconds that each took.
"""
import argparse
import ctypes
import ctypes.util
import glob
import json
import os
import time

import numpy as np
from scipy.io import wavfile

FRAME, TAIL, RATE = 256, 4096, 16000


def pcm(signal):
    return np.clip(np.round(signal * 32768), -32768, 32767).astype(np.int16)


def speex(lib, mic, ref, preprocess):
    lib.speex_echo_state_init.restype = ctypes.c_void_p
    lib.speex_preprocess_state_init.restype = ctypes.c_void_p
    echo = ctypes.c_void_p(lib.speex_echo_state_init(FRAME, TAIL))
    rate = ctypes.c_int(RATE)
    lib.speex_echo_ctl(echo, 24, ctypes.byref(rate))  # SPEEX_ECHO_SET_SAMPLING_RATE
    state = ctypes.c_void_p(lib.speex_preprocess_state_init(FRAME, RATE))
    lib.speex_preprocess_ctl(state, 24, echo)  # SPEEX_PREPROCESS_SET_ECHO_STATE
    # The preprocessor's output comes a frame later.
    late = FRAME if preprocess else 0
    count = -(-(len(mic) + late) // FRAME) * FRAME
    m, r = (np.pad(pcm(x), (0, count - len(mic))) for x in (mic, ref))
    out = np.zeros(count, np.int16)
    pointer = lambda x: x.ctypes.data_as(ctypes.c_void_p)
    for at in range(0, count, FRAME):
        a, b = (np.ascontiguousarray(x[at:at + FRAME]) for x in (m, r))
        o = np.zeros(FRAME, np.int16)
        lib.speex_echo_cancellation(echo, pointer(a), pointer(b), pointer(o))
        if preprocess:
            lib.speex_preprocess_run(state, pointer(o))
        out[at:at + FRAME] = o
    lib.speex_echo_state_destroy(echo)
    lib.speex_preprocess_state_destroy(state)
    return out[late:late + len(mic)].astype(np.float32) / 32768


def gtcrn(session, signal):
    window = np.sqrt(np.hanning(513)[:512]).astype(np.float32)
    shapes = {i.name: i.shape for i in session.get_inputs()}
    names = [o.name for o in session.get_outputs()]
    caches = {name: np.zeros(shape, np.float32) for name, shape in shapes.items() if name != "mix"}
    order = list(caches)
    padded = np.concatenate([np.zeros(256, np.float32), signal, np.zeros(512, np.float32)])
    out = np.zeros(len(padded), np.float32)
    for at in range(0, len(padded) - 511, 256):
        spectrum = np.fft.rfft(padded[at:at + 512] * window)
        mix = np.stack([spectrum.real, spectrum.imag], -1).astype(np.float32)[None, :, None, :]
        results = session.run(names, {"mix": mix, **caches})
        caches = dict(zip(order, results[1:]))
        enhanced = results[0][0, :, 0, 0] + 1j * results[0][0, :, 0, 1]
        out[at:at + 512] += np.fft.irfft(enhanced, 512).astype(np.float32) * window
    return out[256:256 + len(signal)]


parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--gtcrn")
args = parser.parse_args()
path = ctypes.util.find_library("speexdsp")
library = ctypes.CDLL(path) if path else None
model = None
if args.gtcrn:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = onnxruntime.InferenceSession(args.gtcrn, options)
spent = {}


def write(clip, name, make):
    start = time.process_time()
    signal = make()
    spent[name] = spent.get(name, 0) + time.process_time() - start
    wavfile.write(os.path.join(args.folder, f"{clip}.{name}.wav"), RATE, signal.astype(np.float32))


for file in sorted(glob.glob(os.path.join(args.folder, "*.mic.wav"))):
    clip = os.path.basename(file)[:-len(".mic.wav")]
    read = lambda name: wavfile.read(os.path.join(args.folder, f"{clip}.{name}.wav"))[1]
    mic, ref = read("mic"), read("ref")
    if library:
        write(clip, "speex", lambda: speex(library, mic, ref, False))
        write(clip, "speexpp", lambda: speex(library, mic, ref, True))
    if model:
        write(clip, "gtcrn", lambda: gtcrn(model, read("cancelled")))
print(json.dumps(spent))
