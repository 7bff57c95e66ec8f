"""Write a test case for another implementation of the network.

    python fixtures.py --weights weights.pth --event EVENT.npz --out DIR

writes DIR/input.npy [T,2,H,W], network input cut from the rainiest place of an event, and
DIR/expected.npy [S,1,H,W], the network's answer, both float32.
"""

import argparse
import pathlib

import numpy as np
import torch

from data import TABLE, encode, load_event
from network import RESIDUAL_FRAMES, load_network


def rainiest(frame: np.ndarray, height: int, width: int) -> tuple:
    """Corner (row, column) of the height x width box with the most echo, on a raster of 16 pixels."""
    corners = [(y, x) for y in range(0, frame.shape[0] - height + 1, 16) for x in range(0, frame.shape[1] - width + 1, 16)]
    return max(corners, key=lambda c: float(TABLE[frame[c[0]:c[0] + height, c[1]:c[1] + width]].sum()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=pathlib.Path, required=True)
    parser.add_argument("--event", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--residual-frame", choices=RESIDUAL_FRAMES, default=RESIDUAL_FRAMES[0])
    parser.add_argument("--history", type=int, default=5)
    parser.add_argument("--leads", type=int, default=12)
    parser.add_argument("--size", type=int, nargs=2, default=(64, 96), help="rows and columns, multiples of 16")
    options = parser.parse_args()

    frames = load_event(options.event).frames[:options.history]
    y, x = rainiest(frames[-1], *options.size)
    inputs = encode(frames[:, y:y + options.size[0], x:x + options.size[1]])
    inputs[:, :, :8, :8] = 0   # a corner without data
    network = load_network(torch.load(options.weights, weights_only=True), options.residual_frame)
    with torch.no_grad():
        expected = network(torch.from_numpy(inputs)[None], options.leads)["frames"][0].numpy()
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / "input.npy", inputs)
    np.save(options.out / "expected.npy", expected)
    print(f"input {inputs.shape}, expected {expected.shape}, mean {expected.mean():.4f}")


if __name__ == "__main__":
    main()
