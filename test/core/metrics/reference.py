"""Prints the reference values of metrics.test.ts: python3 reference.py (needs numpy, scikit-image)."""
import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

i, j = np.mgrid[0:28, 0:28].astype(np.float64)
pairs = {
    "waves": (0.5 + 0.5 * np.sin(i / 3) * np.cos(j / 4), 0.5 + 0.4 * np.sin(i / 3 + 0.3) * np.cos(j / 4)),
    "ramp": ((i + j) / 54, np.clip((i + j) / 54 + 0.1 * np.sin(i * j), 0, 1)),
    "disc": (((i - 14) ** 2 + (j - 14) ** 2 < 60) * 0.8, ((i - 12) ** 2 + (j - 15) ** 2 < 60) * 0.5),
}
for name, (x, y) in pairs.items():
    x, y = x.astype(np.float32), y.astype(np.float32)
    ssim = structural_similarity(x.astype(np.float64), y.astype(np.float64), gaussian_weights=True, sigma=1.5,
                                 use_sample_covariance=False, data_range=1.0)
    print(name, repr(float(ssim)), repr(float(peak_signal_noise_ratio(x.astype(np.float64), y.astype(np.float64), data_range=1.0))))
