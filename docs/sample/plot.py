"""Draws a forecast beside the frames it started from (numpy, matplotlib): python plot.py forecast.npy picture.png

forecast.npy is the answer to radar.npy in mm/h, [12,256,256].
"""

import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap

LEVELS = [0.1, 0.5, 1, 2, 5, 10, 20, 50]
COLOURS = ["#c6dbef", "#9ecae1", "#4292c6", "#2171b5", "#41ab5d", "#fec44f", "#e31a1c"]


def rain_rate(pixels: np.ndarray) -> np.ndarray:
    """uint8 frames to mm/h: dBZ = v/2 - 32, Z = 200 R^1.6, NaN = no data."""
    rate = (10 ** ((pixels / 2.0 - 32) / 10) / 200) ** (1 / 1.6)
    return np.where(pixels == 255, np.nan, np.where(pixels == 0, 0, rate))


def main(forecast: str, picture: str) -> None:
    frames = np.load(forecast)
    radar = rain_rate(np.load(pathlib.Path(__file__).parent / "radar.npy"))
    panels = [("radar, -20 min", radar[0]), ("radar, now", radar[-1])]
    panels += [(f"forecast, +{5 * lead} min", frames[lead - 1]) for lead in (3, 6, 12)]
    colours = ListedColormap(COLOURS).with_extremes(under="white", over="#800026", bad="#d9d9d9")
    norm = BoundaryNorm(LEVELS, len(COLOURS))
    figure, axes = plt.subplots(1, len(panels), figsize=(15, 3.5), constrained_layout=True)
    for axis, (title, frame) in zip(axes, panels):
        image = axis.imshow(frame, cmap=colours, norm=norm, interpolation="nearest")
        axis.set_title(title, fontsize=11)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.colorbar(image, ax=axes, label="rain rate, mm/h", extend="max", shrink=0.9)
    figure.savefig(picture, dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:])
