"""Writes a ConvGRU whose gates add a normalised part of the input to one of the state, and what PyTorch computes for it.

Run from this folder: python make_fixture.py  (needs torch, numpy)

  r, z = sigmoid(norm_x(conv_x(x)) + norm_h(conv_h(h)))
  n    = tanh(norm_c(conv_c(x)) + norm_s(conv_s(r * h)))
  h'   = (1 - z) * h + z * n

The group of norm_h is of all rows, those of r and of z. The answer is the state after each of the frames, computed
in float64. No layout has these keys: NegatedGatesTest puts the cell together.
"""

import pathlib

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
INPUTS, HIDDEN = 2, 4


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        for name, inputs, rows, groups in (
            ("x", INPUTS, 2 * HIDDEN, 4),
            ("h", HIDDEN, 2 * HIDDEN, 1),
            ("c", INPUTS, HIDDEN, 2),
            ("s", HIDDEN, HIDDEN, 1),
        ):
            self.add_module("conv_" + name, nn.Conv2d(inputs, rows, 3, padding=1))
            self.add_module("norm_" + name, nn.GroupNorm(groups, rows))

    def forward(self, x, h):
        r, z = torch.sigmoid(self.norm_x(self.conv_x(x)) + self.norm_h(self.conv_h(h))).chunk(2, 1)
        n = torch.tanh(self.norm_c(self.conv_c(x)) + self.norm_s(self.conv_s(r * h)))
        return (1 - z) * h + z * n


torch.manual_seed(20)
cell = Cell()
for parameter in cell.parameters():
    parameter.data.normal_(0, 0.6)
torch.save(cell.state_dict(), HERE / "weights.pth")
frames = torch.rand(1, 4, INPUTS, 6, 8)
with torch.inference_mode():
    cell.double()
    state, states = torch.zeros(1, HIDDEN, 6, 8, dtype=torch.float64), []
    for frame in frames.double().unbind(1):
        state = cell(frame, state)
        states.append(state)
np.save(HERE / "input.npy", frames.numpy())
np.save(HERE / "expected.npy", torch.stack(states, 1).float().numpy())
