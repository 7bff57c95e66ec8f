"""Builds our network for each folder of golden checkpoints from its about.json.

check() compares the outputs; other() writes what the networks give on another grid, for other frames and steps.
"""

import json
import pathlib
import zlib

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

import cells as c
import networks as n
from fixtures import scenes
from layouts import bionick_cell, ef_gru, ef_lstm, happyjin_cell, hzzone_cell, tutorial

TOLERANCE = 1e-4


def stack_of(config, make):
    hidden, kernels = config["hidden_dim"], [kernel[0] for kernel in config["kernel_size"]]
    inputs = [config["input_dim"], *hidden]
    made = zip(inputs, hidden, kernels, strict=False)
    return n.Stack({f"cell_list.{k}": make(*sizes) for k, sizes in enumerate(made)}, mode=n.per_frame)


def stages(config):
    return [dict(layer for layer in stage) for stage in config]


def ndrplz(config):
    return stack_of(config, lambda a, b, k: c.fused(a, b, k, bias=config["bias"]))


def automan(config):
    hidden = config["hidden_channels"]
    peepholes = [None if not config["peepholes_in_state_dict"] else (1, b, *config["frame_shape"]) for b in hidden]
    sizes = zip([config["input_channels"], *hidden], hidden, peepholes, strict=False)
    made = {f"cell{k}": c.PerGateConvLstm(a, b, config["kernel_size"], p) for k, (a, b, p) in enumerate(sizes)}
    return n.Stack(made, mode=n.repeat_last(config["effective_step"]))


def jhhuang_lstm(rnn):
    return ef_lstm(rnn["input_channels"], rnn["num_features"], rnn["filter_size"])


def jhhuang_gru(rnn):
    return ef_gru(rnn["input_channels"], rnn["num_features"], rnn["filter_size"])


def encoder_forecaster(cell, forecaster):
    def build(config):
        return n.EncoderForecaster(
            stages(config["encoder_stages"]),
            [cell(rnn) for rnn in config["encoder_rnns"]],
            stages(config[forecaster + "_stages"]),
            [cell(rnn) for rnn in config[forecaster + "_rnns"]],
            forecaster,
        )

    return build


def hzzone_lstm(rnn, peepholes):
    grid = (1, rnn["num_filter"], *rnn["b_h_w"][1:]) if peepholes else None
    return hzzone_cell(rnn["input_channel"], rnn["num_filter"], rnn["kernel_size"], grid)


def hzzone(config):
    if "peepholes_in_state_dict" in config:
        return encoder_forecaster(lambda rnn: hzzone_lstm(rnn, config["peepholes_in_state_dict"]), "forecaster")(config)
    cell = lambda rnn: c.TrajGru(rnn["input_channel"], rnn["num_filter"], rnn["L"])  # noqa: E731
    return encoder_forecaster(cell, "forecaster")(config)


def openstl(hidden_state):
    def build(config):
        p = config["patch_size"]
        _, channels, height, width = config["in_shape"]
        grid = (height // p, width // p) if config["layer_norm"] else None
        return n.OpenStl(channels, config["num_hidden"], config["filter_size"], p, hidden_state, grid)

    return build


def predrnn(config):
    p, hidden = config["patch_size"], config["num_hidden"]
    grid = (config["img_width"] // p,) * 2 if config["layer_norm"] else None
    adapter = bool(config["reverse_scheduled_sampling"])
    return n.PredRnn(config["img_channel"], hidden[0], len(hidden), config["filter_size"], p, grid, adapter)


def jacobkimmel(config):
    hidden = config["hidden_sizes"]
    sizes = zip([config["input_size"], *hidden], hidden, config["kernel_sizes"], strict=False)
    made = {f"ConvGRUCell_{k:02}": c.PerGateConvGru(*size) for k, size in enumerate(sizes)}
    return n.Stack(made, mode=n.per_frame)


def aserdega_cell(config):
    if config.get("peephole"):
        return lambda a, b, k: c.fused(a, b, k, peepholes=(b, *config["input_size"]))
    return c.ResetAfterConvGru


def aserdega_predictor(config):
    hidden, kernel = config["lstm_dims"], config["kernel_size"][0]
    sizes = list(zip([config["hidden_dim"], *hidden], hidden, strict=False))
    stacks = [[aserdega_cell(config)(a, b, kernel) for a, b in sizes] for _ in range(2)]
    return n.AserdegaPredictor(*stacks, [1, 16, 32, 64, config["hidden_dim"]], [hidden[-1], 64, 32, 16, 1])


def czifan(config):
    down = [layer[3] for layer in config["encoder"] if layer[0] == "convlstm"]
    up = [layer[3] for layer in config["decoder"] if layer[0] == "convlstm"]
    return n.Czifan(config["encoder"][0][2], down, up)


def vector(config):
    options = {key: config[key] for key in ("num_layers", "bias", "proj_size") if key in config}
    if config.get("bidirectional"):
        options["bidirectional"] = True
    network = n.BidirectionalNetwork if config.get("bidirectional") else n.VectorNetwork
    return lambda kind: network(kind, config["input_size"], config["hidden_size"], config["input_size"], **options)


BUILDERS = {
    "a": ndrplz,
    "b": automan,
    "c1": encoder_forecaster(jhhuang_lstm, "decoder"),
    "c2": encoder_forecaster(jhhuang_gru, "decoder"),
    "c3": encoder_forecaster(jhhuang_gru, "decoder"),
    "d": hzzone,
    "e1": openstl("o*g"),
    "e2": openstl("o*g"),
    "e3": openstl("o*tanh(c)"),
    "e4": openstl("o*tanh(c)"),
    "f": predrnn,
    "g1": lambda config: stack_of(config, happyjin_cell),
    "g2": jacobkimmel,
    "g3": lambda config: n.Stack({"": bionick_cell(config["input_size"], config["hidden_size"])}, mode=n.per_frame),
    "h1": aserdega_predictor,
    "h2": aserdega_predictor,
    "h3": lambda config: stack_of(config, aserdega_cell(config)),
    "h4": lambda config: stack_of(config, aserdega_cell(config)),
    "i": lambda config: n.Holmdk(config["in_chan"], config["nf"]),
    "j": lambda config: n.Dsip(config["channels"], config["num_blocks"], config["kernel_size"]),
    "k": czifan,
    "l": lambda config: n.Silver(config["n_f"], config["n_ch"], config["k_sz"]),
    "m_lstm": lambda config: vector(config)(nn.LSTM),
    "m_gru": lambda config: vector(config)(nn.GRU),
    "n": lambda config: tutorial(config["channels"], config["hidden"], config["kernel_size"]),
    "p1": lambda config: n.Holmdk(config["in_chan"], config["nf"]),
    "p2": lambda config: vector(config)(nn.LSTM),
}


def state_dict(path):
    if path.suffix == ".safetensors":
        return load_file(path)
    state = torch.load(path, map_location="cpu", weights_only=False)  # a folder of our own
    for wrapper in ("state_dict", "net_param"):
        state = state.get(wrapper, state)
    for prefix in ("module.", "model."):
        if all(key.startswith(prefix) for key in state):
            state = {key.removeprefix(prefix): value for key, value in state.items()}
    return state


def cases(folder, about, network):
    """(name of the expected array, what we compute), in the axes of the array."""
    load = lambda name: torch.from_numpy(np.load(folder / f"{name}.npy"))  # noqa: E731
    frames, family = load("input"), folder.name[0]
    steps = about["frames_out"] or about["frames_in"]
    if family == "b":
        yield "output", network.forecast(frames[:, None], 3).transpose(0, 1)
        network.mode = n.per_frame
        sequence = load("input_sequence")
        yield "sequence_output", network.forecast(sequence, sequence.shape[1])
    elif family == "d":
        yield "output", network.forecast(frames.transpose(0, 1), steps).transpose(0, 1)
    elif family == "f":
        yield "output", network.forecast(frames.movedim(-1, 2), steps).movedim(2, -1)
    elif family == "i" or folder.name.startswith("p1"):
        yield "output", network.forecast(frames, steps).transpose(1, 2)
    elif family == "j":
        yield "output", network.forecast(frames, steps)
        members = [network.forecast(frames, steps, noise) for noise in load("noise_members")]
        yield "output_members", torch.cat(members, 2)
    elif family == "l":
        yield "output", network.forecast(frames[:, :, None], steps)[0, :, 0]
        yield "output_train_mode", network.train().forecast(frames[:, :, None], steps)[0, :, 0]
    elif family == "m" or folder.name.startswith("p2"):
        grid = frames.permute(1, 0, 2)[..., None, None]
        series = lambda frames: frames[..., 0, 0].transpose(0, 1)  # noqa: E731
        if not network.rnn.bidirectional:
            start = load("rollout_start").permute(1, 0, 2)[..., None, None]
            yield "rollout", series(network.forecast(start, 50))
            yield "rollout_warm", series(network.forecast(grid, 51)[:, 1:])
        network.mode = n.per_frame
        yield "output", series(network.forecast(grid, grid.shape[1]))
    elif family == "n":
        yield "output", network.forecast(frames, steps)
        network.mode = n.per_frame
        yield "output_teacher_forced", network.forecast(frames, frames.shape[1])
    else:
        yield "output", network.forecast(frames, steps)


def networks(root: pathlib.Path):
    """(folder, about.json, network with the weights of the folder) of every folder that holds no TorchScript."""
    for folder in sorted(root.iterdir()):
        builder = next((BUILDERS[key] for key in BUILDERS if folder.name.startswith(key)), None)
        if builder is None or not folder.is_dir():
            continue
        about = json.loads((folder / "about.json").read_text())
        network = builder(about["network"]).eval()
        for weights in about["weights"]:
            part = network if weights["role"] == "network" else getattr(network, weights["role"])
            part.load_state_dict(state_dict(folder / weights["file"]))
        yield folder, about, network


def check(root: pathlib.Path) -> bool:
    good = True
    for folder, about, network in networks(root):
        with torch.inference_mode():
            for name, output in cases(folder, about, network):
                expected = torch.from_numpy(np.load(folder / f"{name}.npy"))
                assert output.shape == expected.shape, (folder.name, name, output.shape, expected.shape)
                difference = float((output - expected).abs().max())
                limit = TOLERANCE * max(1, float(expected.abs().max()))
                good &= difference < limit
                verdict = "" if difference < limit else "  WRONG"
                print(f"{folder.name:42} {name:22} {difference:.1e} of {limit:.1e}{verdict}", flush=True)
    return good


# (B,T,H,W) and steps on another grid, by the beginning of the folder's name; the first that fits. Peepholes (b2, d1,
# h1, h3) and LayerNorms (e2, e4, f2) keep their grid.
OTHERS = {
    "b1": ((1, 3, 20, 36), 2),
    "b2": ((1, 3, 32, 32), 2),
    "c": ((1, 7, 24, 40), 13),
    "d1": ((1, 3, 60, 60), 7),
    "d2": ((2, 3, 60, 120), 7),
    "d3": ((2, 3, 60, 120), 7),
    "e1": ((1, 6, 24, 40), 13),
    "e3": ((1, 6, 24, 40), 13),
    "e": ((1, 6, 32, 32), 13),
    "f2": ((1, 6, 32, 32), 13),
    "f": ((1, 6, 24, 40), 13),
    "h1": ((1, 6, 64, 64), 13),
    "h2": ((2, 6, 32, 48), 13),
    "h3": ((1, 6, 32, 32), 5),
    "j": ((1, 4, 24, 40), 7),
    "k": ((1, 6, 24, 40), 5),
    "l": ((1, 6, 24, 40), 5),
    "m": ((2, 12, 2, 3), 9),
    "p2": ((2, 12, 2, 3), 9),
    "o1": ((1, 4, 20, 36), 11),
    "": ((1, 6, 20, 36), 5),
}
CLOSED_LOOPS = ("i", "n", "p1")  # the steps of the last line above, but more than there are frames


def other_cases(folder, network):
    """(which of the choices that shared-networks.csv makes for the folder, forecast(frames, steps))."""
    family = folder.name[0]
    forecast = network.forecast
    if family == "b":
        yield "repeat-last", forecast
    if family == "n" or (hasattr(network, "rnn") and not network.rnn.bidirectional):
        yield "closed-loop", forecast
    if isinstance(network, n.Stack) or hasattr(network, "rnn"):
        network.mode = n.per_frame
        yield "per-frame", lambda frames, steps: forecast(frames, min(steps, frames.shape[1]))
    elif family == "h":
        yield "running", forecast
    elif family == "l":
        yield "running", forecast
        network.train()
        yield "frame", forecast
    else:
        yield "", forecast


def scripted(root: pathlib.Path):
    for folder in root.glob("o1_*"):
        about = json.loads((folder / "about.json").read_text())
        module = torch.jit.load(folder / about["weights"][0]["file"])
        yield folder, about, module


def other(root: pathlib.Path, target: pathlib.Path) -> None:
    """Writes TARGET/FOLDER/{input, expected-CHOICE}.npy, [B,T,C,H,W] and [B,steps,C',H,W], in float32."""
    for folder, _, network in [*networks(root), *scripted(root)]:
        (batch, length, height, width), steps = next(v for k, v in OTHERS.items() if folder.name.startswith(k))
        if folder.name.startswith(CLOSED_LOOPS):
            steps += 8
        golden = np.load(folder / "input.npy")
        channels = golden.shape[-1] if golden.ndim == 3 else 1
        torch.manual_seed(zlib.crc32(folder.name.encode()))
        frames = scenes((batch, length, channels, height, width), float(golden.min()), float(golden.max()))
        (target / folder.name).mkdir(parents=True, exist_ok=True)
        np.save(target / folder.name / "input.npy", frames.numpy())
        runs = other_cases(folder, network) if hasattr(network, "forecast") else [("", network)]
        with torch.inference_mode():
            for choice, forecast in runs:
                output = forecast(frames, steps)
                np.save(target / folder.name / ("-".join(["expected", choice]).rstrip("-") + ".npy"), output.numpy())
                print(f"{folder.name:42} {choice:12} {tuple(frames.shape)} -> {tuple(output.shape)}", flush=True)
