"""Prints the files of wav.test.ts.

    pip install scipy soundfile && python3 reference.py     (scipy 1.17.1 and soundfile 0.14.0 were used)
"""
import base64
import io
import struct
import wave

import numpy as np
import soundfile
from scipy.io import wavfile


def show(name, file):
    print(name, base64.b64encode(file.getvalue()).decode())


file = io.BytesIO()
with wave.open(file, "wb") as w:
    w.setnchannels(2)
    w.setsampwidth(2)
    w.setframerate(8000)
    w.writeframes(struct.pack("<6h", 0, 16384, -32768, 32767, 100, -100))
show("Python, 16 bits, 2 channels", file)
x = np.array([0, 0.5, -1, 0.25])
for kind in ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]:
    file = io.BytesIO()
    soundfile.write(file, x, 16000, format="WAV", subtype=kind)
    show(kind, file)
file = io.BytesIO()
soundfile.write(file, np.stack([x, x / 2, x * 0], 1), 16000, format="WAVEX", subtype="PCM_24")
show("extensible, 24 bits, 3 channels", file)
file = io.BytesIO()
wavfile.write(file, 22050, x.astype(np.float32))
show("SciPy, float", file)
