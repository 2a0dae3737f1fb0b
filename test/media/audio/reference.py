"""Expected values of the measures of speech, from pystoi, scipy and numpy: writes reference.json.

python3 -m venv v && v/bin/pip install numpy scipy pystoi && v/bin/python test/media/audio/reference.py
"""

import json
import pathlib

import numpy as np
from pystoi import stoi
from scipy.linalg import solve_toeplitz
from scipy.signal import resample_poly  # noqa: F401  (pystoi resamples with it)
from pystoi.utils import resample_oct

RATE = 16000


def noise(seed, count):
    """The same congruential generator as signals.ts."""
    out = np.empty(count)
    for i in range(count):
        seed = (1664525 * seed + 1013904223) % 2**32
        out[i] = seed / 2**32 - 0.5
    return out


def voice(count):
    """Harmonics under syllables, with pauses."""
    t = np.arange(count) / RATE
    syllables = np.maximum(0, np.sin(2 * np.pi * 3.1 * t)) ** 2 * (np.sin(2 * np.pi * 0.4 * t) > -0.6)
    return syllables * sum(np.sin(2 * np.pi * 140 * k * t + k) / k for k in range(1, 20)) * 0.2


def filtered_sdr(estimate, target, taps=256, ahead=64):
    own = np.array([np.dot(target[k:], target[: len(target) - k]) for k in range(taps)])
    own[0] *= 1 + 1e-10
    lags = range(-ahead, taps - ahead)
    cross = np.array(
        [
            np.dot(estimate[lag:], target[: len(target) - lag])
            if lag >= 0
            else np.dot(estimate[:lag], target[-lag:])
            for lag in lags
        ]
    )
    fitted = np.convolve(target, solve_toeplitz(own, cross))[ahead : ahead + len(target)]
    return 10 * np.log10(np.sum(fitted**2) / np.sum((estimate - fitted) ** 2))


def cancel(mic, ref, size=256, parts=16):
    """The canceller, written from its equations with numpy's complex numbers."""
    bins = size + 1
    w = np.zeros((parts, bins), complex)
    k = 0.1 * np.exp(-0.3 * np.arange(parts))[:, None] * np.ones((parts, bins))
    s0 = np.full(bins, 0.1)
    x = np.zeros((parts, bins), complex)
    before = np.zeros(size)
    out = np.zeros(len(mic))
    for at in range(0, len(mic), size):
        r, m = ref[at : at + size], mic[at : at + size]
        x = np.roll(x, 1, 0)
        x[0] = np.fft.rfft(np.r_[before, r])
        before = r
        e = m - np.fft.irfft((x * w).sum(0))[size:]
        error = np.fft.rfft(np.r_[np.zeros(size), e])
        s = 0.5 * (abs(x) ** 2 * k).sum(0)
        s0 = 0.95 * s0 + 0.05 * np.maximum(abs(error) ** 2, 1e-8)
        mu = k / (s + s0 + 1e-10)
        step = np.fft.irfft(mu * x.conj() * error, axis=1)
        step[:, size:] = 0
        w = 0.999 * (w + np.fft.rfft(step, axis=1))
        k = np.maximum(
            0.999**2 * (1 - 0.5 * mu * abs(x) ** 2) * k + (1 - 0.999**2) * abs(w) ** 2 + 1e-9, 1e-9
        )
        out[at : at + size] = m - np.fft.irfft((x * w).sum(0))[size:]
    return out


clean = voice(3 * RATE)
noisy = clean + 0.2 * noise(1, len(clean))
room = np.convolve(clean, 0.5 ** np.arange(40))[: len(clean)] + 0.05 * noise(2, len(clean))
music = noise(3, 3 * RATE - (3 * RATE) % 256)
echo = np.convolve(music, 0.3 * (-0.8) ** np.arange(300))[: len(music)]
mic = echo + clean[: len(music)]
left = cancel(mic, music)
expected = {
    "stoi": [stoi(clean, y, RATE) for y in (noisy, room)],
    "estoi": [stoi(clean, y, RATE, extended=True) for y in (noisy, room)],
    "filteredSdr": [filtered_sdr(y, clean) for y in (noisy, room)],
    "resampled": resample_oct(noisy[:4000], 10000, 16000)[::100].tolist(),
    "cancelled": left[::1000].tolist(),
    "cancelledPower": float(np.mean(left**2)),
}
path = pathlib.Path(__file__).with_name("reference.json")
path.write_text(json.dumps(expected, indent=1) + "\n")
