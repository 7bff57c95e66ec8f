"""Makes pairs of fields that are moved by a known vector, and the motion of real frames, with NumPy and SciPy.

    python make_motion.py FOLDER_OF_FIXTURES      (NumPy 2.4, SciPy 1.18; writes beside itself, always the same bytes)

`motion_fields.npy` float32 [N, 2, 72, 96]: a random periodic field of 256x256, moved in Fourier space, of which a part is
cut out, so that rain leaves at one side and new rain enters at the other. `motion_vectors.npy` float32 [N, 2]: rows and
columns it was moved by. Prints, for real frames, the shift of greatest correlation by trying all at full resolution.
"""

import os
import sys

import numpy as np
from scipy import ndimage

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = [(0, 0), (3.4, -5.7), (-0.6, 2.25), (8.2, 7.5), (-4.5, -9.1), (2.3, 1.4)]
HEIGHT, WIDTH = 72, 96


def pair(vector, missing, noise, random):
    field = ndimage.gaussian_filter(random.standard_normal((256, 256)), 4, mode="wrap")
    moved = np.fft.ifft2(ndimage.fourier_shift(np.fft.fft2(field), vector)).real
    frames = np.stack([field, moved])[:, 64 : 64 + HEIGHT, 64 : 64 + WIDTH] / field.std()
    frames = np.clip(frames - 0.3, 0, None) / 3
    frames += noise * random.standard_normal(frames.shape)
    if missing:
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        frames[:, (rows - 20) ** 2 + (columns - 60) ** 2 < 150] = np.nan
        frames[:, :, -12:] = np.nan
        frames[1, 50:60, 10:30] = np.nan
    return frames


def correlation(earlier, later, down, right):
    height, width = later.shape
    to = later[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    of = earlier[max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)]
    both = ~np.isnan(to) & ~np.isnan(of)
    return np.corrcoef(to[both], of[both])[0, 1]


def motion(earlier, later, most=24):
    shifts = [(d, r) for d in range(-most, most + 1) for r in range(-most, most + 1)]
    down, right = max(shifts, key=lambda shift: correlation(earlier, later, *shift))

    def vertex(values):
        return np.roots(np.polyder(np.polyfit([-1, 0, 1], values, 2)))[0]

    return (
        down + vertex([correlation(earlier, later, down + i, right) for i in (-1, 0, 1)]),
        right + vertex([correlation(earlier, later, down, right + i) for i in (-1, 0, 1)]),
    )


def model_numbers(codes):
    dbz = codes / 2.0 - 32
    return np.where(codes == 255, np.nan, np.where(dbz < 5, 0, np.clip(dbz, 0, 60) / 60))


def main():
    random = np.random.default_rng(5)
    fields = [pair(vector, n >= 2, 0.1 if n >= 3 else 0, random) for n, vector in enumerate(VECTORS)]
    np.save(os.path.join(HERE, "motion_fields.npy"), np.asarray(fields, np.float32))
    np.save(os.path.join(HERE, "motion_vectors.npy"), np.asarray(VECTORS, np.float32))
    for name in ("fmi_20160928", "mch_20150515", "fmi_nodata"):
        codes = np.load(os.path.join(sys.argv[1], name + "_15x128x128_u8.npy"))
        earlier, later = model_numbers(codes[-2]), model_numbers(codes[-1])
        print("%s, %.3f, %.3f" % (name, *motion(earlier, later)))


main()
