"""A second, small simulation of a smart speaker, which shares nothing with the product's own.

    python3 second_rooms.py OUT CLIPS SPEECH_FOLDER MUSIC_FOLDER [SEED]

Writes OUT/N.mic.wav, N.ref.wav, N.target.wav, N.echo.wav: 10 s, 16 kHz, float32. What differs: the room is
a few discrete reflections and an exponentially fading noise (no image method), and it changes once
within each clip; the loudspeaker resonates and bends by a cubic polynomial; the speech is reverberant
as well; the microphone clips; the noise is pink with a hum.
"""
import glob
import os
import sys

import numpy as np
import soundfile
from scipy import signal
from scipy.io import wavfile

RATE, LENGTH = 16000, 160000
out, clips, speech_dir, music_dir = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
rng = np.random.default_rng(int(sys.argv[5]) if len(sys.argv) > 5 else 7)
os.makedirs(out, exist_ok=True)


def load(folder):
    files = sorted(glob.glob(os.path.join(folder, "**", "*.flac"), recursive=True))
    return [file for file in files]


def sound(files):
    data, rate = soundfile.read(files[rng.integers(len(files))], dtype="float64")
    data = data.mean(1) if data.ndim > 1 else data
    return signal.resample_poly(data, RATE, rate) if rate != RATE else data


def response(direct, seconds):
    n = int(seconds * RATE)
    h = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / n) * 0.15
    h[:60] = 0
    h[rng.integers(2, 40)] = direct
    for _ in range(5):
        h[rng.integers(40, 400)] += rng.uniform(-0.4, 0.4)
    return h


def loudspeaker(x):
    b, a = signal.iirpeak(rng.uniform(180, 500), 2, fs=RATE)
    y = signal.sosfilt(signal.butter(2, [rng.uniform(90, 200), rng.uniform(5500, 7000)], "band", fs=RATE, output="sos"), x)
    y = y + 0.7 * signal.lfilter(b, a, y)
    y /= np.abs(y).max() + 1e-9
    k = rng.uniform(0.05, 0.3)
    return y - k * y ** 3 + 0.03 * y ** 2


speech_files, music_files = load(speech_dir), load(music_dir)
for clip in range(clips):
    ref = sound(music_files)
    start = rng.integers(0, max(1, len(ref) - LENGTH))
    ref = np.resize(ref[start:start + LENGTH], LENGTH)
    ref *= rng.uniform(0.3, 0.9) / (np.abs(ref).max() + 1e-9)
    played = loudspeaker(ref)
    before, after = response(1, rng.uniform(0.1, 0.4)), None
    after = before[: len(before)] * (1 + 0.3 * rng.standard_normal(len(before)))
    fade = np.clip((np.arange(LENGTH) - 5 * RATE) / (0.5 * RATE), 0, 1)
    echo = (1 - fade) * signal.fftconvolve(played, before)[:LENGTH] + fade * signal.fftconvolve(played, after)[:LENGTH]
    voice = np.zeros(LENGTH)
    for a, b in ((3.1, 6), (7, 9.95)):
        part = sound(speech_files)
        n = int((b - a) * RATE)
        part = np.resize(part, n) * np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / 160)
        voice[int(a * RATE):int(a * RATE) + n] = part
    target = signal.fftconvolve(voice, response(2, rng.uniform(0.1, 0.3)))[:LENGTH]
    active = np.abs(voice) > 0
    target /= np.sqrt((target[active] ** 2).mean())
    echo *= 10 ** (-rng.uniform(-15, 5) / 20) / np.sqrt((echo[active] ** 2).mean())
    white = np.fft.rfft(rng.standard_normal(LENGTH))
    noise = np.fft.irfft(white / np.sqrt(np.maximum(np.arange(len(white)), 20)), LENGTH)
    noise /= np.sqrt((noise ** 2).mean())
    noise += 0.5 * np.sin(2 * np.pi * 100 * np.arange(LENGTH) / RATE)
    noise *= 10 ** (-rng.uniform(10, 30) / 20)
    mic = target + echo + noise
    gain = rng.uniform(0.3, 0.95) / np.abs(mic).max()
    limit = np.quantile(np.abs(mic), 0.9998) * gain
    for name, x in (("mic", np.clip(mic * gain, -limit, limit)), ("ref", ref), ("target", target * gain), ("echo", echo * gain)):
        wavfile.write(os.path.join(out, f"{clip:02d}.{name}.wav"), RATE, x.astype(np.float32))
