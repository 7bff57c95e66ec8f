"""Draws what a load did to a service, from the CSV that LoadGenerator writes a line a second.

    python src/comparison/plot_load.py target/load/endurance.csv docs/images/endurance.png --title "50,000 mixed requests"
"""

import argparse

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy


def smooth(values, width=15):
    """The mean of so many seconds around each; a column of a busy service jumps every second."""
    known = numpy.nan_to_num(values)
    kernel = numpy.ones(min(width, len(known)))
    return numpy.convolve(known, kernel, "same") / numpy.convolve(numpy.ones(len(known)), kernel, "same")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv")
    parser.add_argument("picture")
    parser.add_argument("--title", default="")
    parser.add_argument("--latency", action="store_true", help="p50 and p99 as well")
    options = parser.parse_args()
    rows = numpy.genfromtxt(options.csv, delimiter=",", names=True, dtype=None, encoding="ascii")
    minutes = rows["second"] / 60
    figure, axes = plt.subplots(
        4 if options.latency else 3, 1, sharex=True, figsize=(8, 9 if options.latency else 7), dpi=100,
        layout="constrained")
    rate, memory, count = axes[:3]
    rate.plot(minutes, smooth(rows["answered"]), label="answered", linewidth=1)
    if rows["refused"].any():
        rate.plot(minutes, smooth(rows["refused"]), label="refused", linewidth=1)
    rate.set(ylabel="requests a second", ylim=(0, None), title=options.title)
    memory.plot(minutes, rows["resident_mb"], label="resident", linewidth=1.5)
    memory.plot(minutes, rows["heap_mb"], label="heap used, of a heap touched at the start", linewidth=.5)
    memory.plot(minutes, rows["direct_mb"], label="direct buffers", linewidth=1)
    memory.set(ylabel="MB", ylim=(0, None))
    count.plot(minutes, rows["threads"], label="threads", linewidth=1)
    count.plot(minutes, rows["files"], label="file handles", linewidth=1)
    count.set(ylabel="number", ylim=(0, None))
    if options.latency:
        axes[3].plot(minutes, rows["p50_ms"], label="p50 of a second", linewidth=.5)
        axes[3].plot(minutes, rows["p99_ms"], label="p99 of a second", linewidth=.5)
        axes[3].set(ylabel="ms", yscale="log")
    axes[-1].set(xlabel="minutes")
    for axis in axes:
        axis.legend(loc="lower right", fontsize=8)
        axis.grid(alpha=.3)
    figure.savefig(options.picture, pil_kwargs={"optimize": True})


if __name__ == "__main__":
    main()
