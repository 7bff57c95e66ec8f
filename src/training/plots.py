"""Pictures: the loss curve, and an event's observed, forecast and persisted frames side by side."""

import pathlib
from typing import Dict, List, Sequence

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap

RATES = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50)   # mm/h, class borders of the pictures
COLOURS = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#31a354", "#fed976", "#fd8d3c", "#e31a1c")


def loss_curve(history: Sequence[Dict], path: pathlib.Path) -> None:
    """Training loss by step (left) and, where watched, validation CSI against persistence (right)."""
    if not history:
        return
    figure, axes = plt.subplots(figsize=(7, 4.5), dpi=100, layout="constrained")
    steps = [row["step"] for row in history]
    for name, label in (("total", "total"), ("frames", "weighted error, forecast"),
                        ("carried", "weighted error, transport alone")):
        axes.plot(steps, [row[name] for row in history], label=label, linewidth=1)
    axes.set(xlabel="step", ylabel="training loss", ylim=(0, 1.1 * max(row["total"] for row in history)))
    watched = [row for row in history if "validation" in row]
    if watched:
        _validation_curve(axes.twinx(), watched)
    figure.legend(loc="outside lower center", ncols=3, fontsize=8)
    figure.savefig(path)
    plt.close(figure)


def _validation_curve(axes, watched: Sequence[Dict]) -> None:
    steps = [row["step"] for row in watched]
    for method, style in (("network", "k.-"), ("persistence", "k:")):
        values = [np.mean([methods[method]["csi_0.5"] for leads in row["validation"].values()
                           for methods in leads.values()]) for row in watched]
        axes.plot(steps, values, style, linewidth=1, label=f"validation CSI, {method}")
    axes.set(ylabel="validation CSI at 0.5 mm/h", ylim=(0, 1))


def side_by_side(rows: Dict[str, List[np.ndarray]], titles: Sequence[str], path: pathlib.Path, caption: str) -> None:
    """A grid of maps: one row per key, one column per title; fields are mm/h [H,W], NaN = no data."""
    height, width = next(iter(rows.values()))[0].shape
    size = (2.6 * len(titles) + 1.1, 2.6 * len(rows) * height / width + 0.7)
    figure, axes = plt.subplots(len(rows), len(titles), figsize=size, dpi=100, squeeze=False, layout="constrained")
    colours = ListedColormap(COLOURS).with_extremes(under="white", over="#800026", bad="#d9d9d9")
    norm = BoundaryNorm(RATES, len(COLOURS))
    for axis, title in zip(axes[0], titles):
        axis.set_title(title, fontsize=10)
    for line, (label, fields) in zip(axes, rows.items()):
        line[0].set_ylabel(label)
        for axis, field in zip(line, fields):
            image = axis.imshow(np.ma.masked_invalid(field), cmap=colours, norm=norm, interpolation="nearest")
            axis.set(xticks=[], yticks=[])
    figure.colorbar(image, ax=axes, label="mm/h", extend="both", shrink=0.7, pad=0.02, format="%g", ticks=RATES)
    figure.suptitle(caption, fontsize=10)
    figure.savefig(path, pil_kwargs={"optimize": True})
    plt.close(figure)
