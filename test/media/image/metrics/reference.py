"""Prints the reference values of metrics.test.ts.

    pip install numpy scikit-image && python3 reference.py     (0.26 was used)
"""
import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

i, j = np.mgrid[0:28, 0:28].astype(np.float64)
r, c = np.mgrid[0:17, 0:33].astype(np.float64)
pairs = {
    "waves": (0.5 + 0.5 * np.sin(i / 3) * np.cos(j / 4), 0.5 + 0.4 * np.sin(i / 3 + 0.3) * np.cos(j / 4)),
    "ramp": ((i + j) / 54, np.clip((i + j) / 54 + 0.1 * np.sin(i * j), 0, 1)),
    "disc": (((i - 14) ** 2 + (j - 14) ** 2 < 60) * 0.8, ((i - 12) ** 2 + (j - 15) ** 2 < 60) * 0.5),
    "wide": (0.5 + 0.5 * np.sin(r / 2 + c / 5), 0.5 + 0.5 * np.sin(r / 2 + c / 5 + 0.2 * np.cos(r * c))),
}
for name, (x, y) in pairs.items():
    x, y = (image.astype(np.float32).astype(np.float64) for image in (x, y))
    ssim = structural_similarity(x, y, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1)
    print(name, float(ssim), float(peak_signal_noise_ratio(x, y, data_range=1)))
