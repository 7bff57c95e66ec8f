"""Write trained weights in another format.

    python export.py --weights RUN/weights.pth --out weights.safetensors

The input is the plain state dict that train.py writes; the output's ending, .pth or .safetensors, says the format.
"""

import argparse
import pathlib

import torch
from safetensors.torch import save_file

from network import load_network, plain_weights
from train import save_atomically


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    weights = plain_weights(load_network(torch.load(options.weights, weights_only=True)))
    if options.out.suffix == ".safetensors":
        save_file(weights, options.out)
    elif options.out.suffix == ".pth":
        save_atomically(weights, options.out)
    else:
        parser.error("--out must end in .pth or .safetensors")
    print(f"{options.out}: {sum(tensor.numel() for tensor in weights.values())} numbers, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
