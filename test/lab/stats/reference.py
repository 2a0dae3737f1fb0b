"""Values of stats.test.ts, from SciPy 1.17.1 and statsmodels: python3 reference.py"""

import numpy as np
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

for t, df in [(0.5, 1), (2, 3), (12.706204736432095, 1), (-4.5, 9), (40, 4), (3, 9999), (8, 1999)]:
    print(f"studentP({t}, {df})", repr(float(2 * stats.t.sf(abs(t), df))))
for level, df in [(0.95, 1), (0.95, 2), (0.95, 4), (0.99, 9), (0.95, 9999)]:
    print(f"studentQuantile({level}, {df})", repr(float(stats.t.ppf((1 + level) / 2, df))))
for z in [0.1, 1.959963984540054, 5, 12, 37]:
    print(f"normalP({z})", repr(float(2 * stats.norm.sf(z))))
for x, a, b in [(0.2, 0.5, 3), (0.99, 20, 0.5), (0.5, 1000, 1000.5)]:
    print(f"incompleteBeta({x}, {a}, {b})", repr(float(special.betainc(a, b, x))))

# Darwin's maize: Fisher, The Design of Experiments (1935), in eighths of an inch.
darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
print("darwin t", stats.ttest_1samp(darwin, 0), stats.ttest_1samp(darwin, 0).confidence_interval())
print("darwin wilcoxon", stats.wilcoxon(darwin, method="exact"))
i = np.arange(1, 201)
many = np.round(np.sin(i * 1.7) * 8 + 1)
print("many", stats.wilcoxon(many, method="asymptotic", correction=False))
print("many t", stats.ttest_1samp(many, 0))
print("holm", multipletests([0.01, 0.04, 0.03, 0.005], method="holm")[1])
