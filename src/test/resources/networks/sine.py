"""nn.LSTM and nn.GRU of 16 and a Linear, trained to go on with a sine: 50 points are read and 50 foretold.

Training is seeded, but its last digits depend on the machine and on the version of PyTorch.
"""

import math
import pathlib

import numpy as np
import torch
from torch import Tensor, nn

from networks import VectorNetwork

LENGTH = 50
PERIOD = 25


def waves(phases: Tensor, points: int) -> Tensor:
    """[series, points, 1]"""
    return torch.sin(2 * math.pi / PERIOD * torch.arange(points, dtype=torch.float32) + phases[:, None])[..., None]


def foretold(network: VectorNetwork, known: Tensor, steps: int) -> Tensor:
    """The closed loop, with the reading of the known points in one call."""
    h, state = network.rnn(known)
    values = [network.linear(h[:, -1])]
    while len(values) < steps:
        value, state = network.step(values[-1], state)
        values.append(value)
    return torch.stack(values, 1)


def train(kind) -> VectorNetwork:
    torch.manual_seed(11)
    network = VectorNetwork(kind, 1, 16, 1)
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    rounds = 700
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, rounds)
    for k in range(rounds):
        series = waves(2 * math.pi * torch.rand(24), 2 * LENGTH)
        loss = (network.linear(network.rnn(series[:, :-1])[0]) - series[:, 1:]).square().mean()
        if k > rounds // 4:
            loss = loss + (foretold(network, series[:, :LENGTH], LENGTH) - series[:, LENGTH:]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1)
        optimizer.step()
        schedule.step()
    return network.eval()


def write(folder: pathlib.Path) -> None:
    series = waves(torch.tensor([0.3]), 2 * LENGTH)[..., None, None]
    known, truth = series[:, :LENGTH], series[:, LENGTH:]
    for name, kind in (("lstm", nn.LSTM), ("gru", nn.GRU)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        network = train(kind)
        torch.save(network.state_dict(), folder / name / "weights.pth")
        with torch.inference_mode():
            expected = network.double().forecast(known.double(), LENGTH)
        error = float((expected - truth).abs().max())
        print(f"sine/{name:27} largest error over {LENGTH} steps {error:.4f}")
        assert error < 0.05
        (folder / name / "network.properties").write_text("forecast=closed-loop\nhead=linear\n")
        np.save(folder / name / "input.npy", known.numpy())
        np.save(folder / name / "expected.npy", expected.float().numpy())
        np.save(folder / name / "truth.npy", truth.numpy())
