"""Writes the fixtures of the networks: random weights in the layouts of public checkpoints, inputs and our own outputs.

Run in this folder (needs torch, numpy, safetensors):
  python make_fixtures.py              writes every fixture (about a minute, most of it for sine/)
  python make_fixtures.py NAME...      writes these
  python make_fixtures.py --check DIR  runs our networks on golden checkpoints of the original code and compares
  python make_fixtures.py --other DIR OUT
                                       runs them on other grids, frames and steps; SharedNetworksTest reads OUT

README.md says what is in a folder. The networks are written in cells.py, networks.py and layouts.py from their
equations; fixtures.py chooses the sizes. Outputs are computed in float64 and rounded to float32. While writing, every
tensor is shown to have an effect on the output, and the output to vary in space, in time and with the input.
"""

import argparse
import copy
import io
import pathlib
import sys
import zlib
from collections import OrderedDict
from fnmatch import fnmatchcase

import numpy as np
import torch
from safetensors.torch import save_file

import golden
import sine
from fixtures import FIXTURES, Fixture, randomise, scenes

HERE = pathlib.Path(__file__).parent
PARTS = ("lstm_encoder", "lstm_decoder", "cnn_encoder", "cnn_decoder")
ROUNDED = {"bfloat16": torch.bfloat16, "float16": torch.float16}
SAFETENSORS = {**ROUNDED, "safetensors": torch.float32}


def save_legacy(content, path: pathlib.Path) -> None:
    """This form names storages by their addresses: a file that holds the same already stays as it is."""
    buffer = io.BytesIO()
    torch.save(content, buffer, _use_new_zipfile_serialization=False)
    if path.exists() and same(torch.load(path, weights_only=True), content):
        return
    path.write_bytes(buffer.getvalue())


def same(a, b) -> bool:
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


def lightning(state) -> dict:
    return {
        "epoch": 12,
        "global_step": 3400,
        "pytorch-lightning_version": "2.2.0",
        "state_dict": OrderedDict(("model." + key, value) for key, value in state.items()),
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 13, "completed": 12}}}},
        "callbacks": {},
        "optimizer_states": [adam(state)],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {"lr": 0.001, "method": "network"},
    }


def adam(state) -> dict:
    """The optimizer's state of one tensor: not to be taken for weights."""
    value = next(iter(state.values()))
    moments = {"step": torch.tensor(3400.0), "exp_avg": 0.01 * value, "exp_avg_sq": value**2}
    return {"state": {0: moments}, "param_groups": [{"lr": 0.001, "betas": (0.9, 0.999), "params": [0]}]}


def save(network: torch.nn.Module, container: str, folder: pathlib.Path) -> None:
    state = OrderedDict(network.state_dict())
    if container == "plain":
        torch.save(state, folder / "weights.pth")
    elif container == "legacy":
        save_legacy(state, folder / "weights.pth")
    elif container == "jhhuang96":
        prefixed = OrderedDict(("module." + key, value) for key, value in state.items())
        save_legacy({"epoch": 37, "state_dict": prefixed, "optimizer": adam(state)}, folder / "weights.pth")
    elif container == "lightning":
        torch.save(lightning(state), folder / "weights.ckpt")
    elif container == "net_param":
        torch.save({"net_param": state}, folder / "weights.ckpt")
    elif container == "float64":
        torch.save(OrderedDict((key, value.double()) for key, value in state.items()), folder / "weights.pth")
    elif container in SAFETENSORS:
        kind = SAFETENSORS[container]
        state = {key: value.to(kind) if value.is_floating_point() else value for key, value in state.items()}
        save_file(state, folder / "weights.safetensors")
    elif container == "parts":
        for part in PARTS:
            torch.save(OrderedDict(getattr(network, part).state_dict()), folder / f"{part}.pth")
    else:
        raise ValueError(container)


def read(network: torch.nn.Module, fixture: Fixture, folder: pathlib.Path) -> None:
    if fixture.container == "parts":
        for part in PARTS:
            getattr(network, part).load_state_dict(golden.state_dict(folder / f"{part}.pth"))
    else:
        (path,) = folder.glob("weights.*")
        network.load_state_dict(golden.state_dict(path))


def properties(folder: pathlib.Path, choices: dict[str, str]) -> None:
    (folder / "network.properties").write_text("".join(f"{key}={value}\n" for key, value in choices.items()))


def prove(fixture: Fixture, network, frames: torch.Tensor, expected: torch.Tensor) -> None:
    """Every tensor counts, and the output varies and stays of the size of a frame."""
    size = max(1, fixture.value_range[1])
    least, key = float("inf"), None
    for name, tensor in network.state_dict().items():
        if not tensor.is_floating_point():
            continue
        kept = tensor.clone()
        tensor.copy_(0.7 * kept + 0.05)
        effect = float((network.forecast(frames, fixture.steps) - expected).abs().max()) / size
        tensor.copy_(kept)
        if any(fnmatchcase(name, pattern) for pattern in fixture.idle):
            assert effect < 1e-12, (fixture.name, name, effect)
        elif effect < least:
            least, key = effect, name
    space = float(expected.std(dim=(3, 4), correction=0).mean()) / size
    time = float(expected.diff(dim=1).abs().mean()) / size
    turned = network.forecast(frames.flip(3, 4) if frames[0, 0, 0].numel() > 1 else frames / 2, fixture.steps)
    shift = float((turned - expected)[:, -1].abs().max()) / size
    largest = float(expected.abs().max()) / size
    varies = f"max {largest:5.2f}  space {space:.3f}  time {time:.3f}  input {shift:.3f}"
    print(f"{fixture.name:32} {varies}  {key} {least:.4f}")
    if not (largest < 10 and space > 0.02 and time > 0.008 and shift > 0.01 and least > 1e-3):
        print(f"{fixture.name}: too little varies, or too much", file=sys.stderr)
        prove.failed = True


prove.failed = False


def write(fixture: Fixture) -> None:
    torch.manual_seed(zlib.crc32(fixture.name.encode()))
    folder = HERE / fixture.name
    folder.mkdir(exist_ok=True)
    network = fixture.build()
    randomise(network, fixture.gain)
    fixture.adjust(network)
    if fixture.container in ROUNDED:
        network.to(ROUNDED[fixture.container]).float()
    inputs = scenes(fixture.shape, *fixture.value_range)
    save(network, fixture.container, folder)
    properties(folder, fixture.choices)

    network = fixture.build().train(fixture.training)
    read(network, fixture, folder)
    network.double()
    with torch.inference_mode():
        expected = network.forecast(inputs.double(), fixture.steps)
        assert expected.shape[:2] == (fixture.shape[0], fixture.steps), expected.shape
        np.save(folder / "input.npy", inputs.numpy())
        np.save(folder / "expected.npy", expected.float().numpy())
        if fixture.other:
            shape, steps = fixture.other
            inputs_there = scenes(shape, *fixture.value_range)
            expected_there = network.forecast(inputs_there.double(), steps)
            np.save(folder / "other-input.npy", inputs_there.numpy())
            np.save(folder / "other-expected.npy", expected_there.float().numpy())
        single = copy.deepcopy(network).float().forecast(inputs, fixture.steps)
        assert (single - expected).abs().max() < 2e-5 * max(1, expected.abs().max()), fixture.name
        prove(fixture, network, inputs.double(), expected)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", type=pathlib.Path, metavar="DIR", help="folder of golden checkpoints")
    parser.add_argument("--other", type=pathlib.Path, nargs=2, metavar=("DIR", "OUT"), help="for SharedNetworksTest")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.check:
        sys.exit(0 if golden.check(arguments.check) else "some outputs differ")
    if arguments.other:
        return golden.other(*arguments.other)
    for fixture in FIXTURES:
        if not arguments.names or fixture.name in arguments.names:
            write(fixture)
    if not arguments.names or "sine" in arguments.names:
        sine.write(HERE / "sine")
    sys.exit("some fixtures prove little" if prove.failed else 0)


if __name__ == "__main__":
    main()
