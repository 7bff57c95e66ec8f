"""Draws series that were sent to the service and what it went on with, against the sine that they are of.

    python docs/sample/plot_sine.py sent.npy truth.npy sine.png gru=answer.npy lstm=answer.npy
"""

import sys

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

sent, truth, picture = np.load(sys.argv[1]).ravel(), np.load(sys.argv[2]).ravel(), sys.argv[3]
figure, axes = plt.subplots(figsize=(9, 3), layout="constrained")
steps = np.arange(sent.size + truth.size)
axes.plot(steps, np.concatenate([sent, truth]), color="#c9cdd3", linewidth=6, label="sine")
axes.plot(steps[: sent.size], sent, color="#4a4f57", label="sent")
for name, colour in zip(sys.argv[4:], ("#c2410c", "#0369a1")):
    label, file = name.split("=")
    answer = np.load(file).ravel()
    error = np.abs(answer - truth).max()
    axes.plot(steps[sent.size :], answer, color=colour, linestyle="--", label=f"{label.upper()}, at most {error:.3f} off")
axes.axvline(sent.size - 0.5, color="#9aa0a8", linewidth=0.8)
axes.set_xlabel("step")
axes.set_ylim(-1.6, 1.2)
axes.legend(loc="lower left", ncols=4, frameon=False)
axes.spines[["top", "right"]].set_visible(False)
figure.savefig(picture, dpi=110)
