"""Draws what tiles change in a forecast (numpy, matplotlib): python plot_seams.py folder picture.png

folder holds whole.npy and tiled.npy as the tool SeamError keeps them: [S,H,W] in mm/h.
"""

import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap

LEVELS = [0.1, 0.5, 1, 2, 5, 10, 20, 50]
SHOWN = 0.5  # largest difference that has a colour of its own, mm/h
COLOURS = ["#c6dbef", "#9ecae1", "#4292c6", "#2171b5", "#41ab5d", "#fec44f", "#e31a1c"]


def main(folder: str, picture: str) -> None:
    whole = np.load(pathlib.Path(folder) / "whole.npy")[-1]
    tiled = np.load(pathlib.Path(folder) / "tiled.npy")[-1]
    difference = tiled - whole
    rain = {
        "cmap": ListedColormap(COLOURS).with_extremes(under="white", over="#800026", bad="#d9d9d9"),
        "norm": BoundaryNorm(LEVELS, len(COLOURS)),
        "interpolation": "nearest",
    }
    most = float(np.nanmax(np.abs(difference)))
    figure, axes = plt.subplots(1, 3, figsize=(13, 4.2), constrained_layout=True)
    axes[0].imshow(whole, **rain)
    axes[0].set_title("whole, last lead time")
    image = axes[1].imshow(tiled, **rain)
    axes[1].set_title("in tiles")
    figure.colorbar(image, ax=axes[:2], label="mm/h", extend="max", shrink=0.8)
    image = axes[2].imshow(difference, cmap="RdBu_r", vmin=-SHOWN, vmax=SHOWN, interpolation="nearest")
    axes[2].set_title(f"tiles - whole, at most {most:.2f} mm/h")
    figure.colorbar(image, ax=axes[2], label="mm/h", extend="both", shrink=0.8)
    for axis in axes:
        axis.set_xticks([])
        axis.set_yticks([])
    figure.savefig(picture, dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:])
