"""Recurrent cells, written from their equations, with the parameter names of the public layouts.

Every cell maps (x, state) to (h, state). A state of None means zeros; x may be None for a cell that has a state but no
input. Images are [B,C,H,W].
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def conv(inputs: int, outputs: int, kernel: int, bias: bool = True) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=bias)


def zeros(like: Tensor, channels: int) -> Tensor:
    return like.new_zeros(like.shape[0], channels, *like.shape[2:])


def split(gates: Tensor, order: str) -> dict[str, Tensor]:
    return dict(zip(order, gates.chunk(len(order), 1), strict=True))


class ConvLstm(nn.Module):
    """One convolution over cat(x, h), perhaps with a norm, gives the rows of all gates."""

    def __init__(self, inputs, hidden, gates: nn.Module, order, name="conv", peepholes=None, candidate=torch.tanh):
        super().__init__()
        self.inputs, self.hidden, self.order, self.candidate = inputs, hidden, order, candidate
        self.add_module(name, gates)
        self.gates = [gates]  # in a list, so that it is registered under its own name alone
        for gate in "ifo":
            self.register_parameter("Wc" + gate, None if peepholes is None else nn.Parameter(torch.empty(peepholes)))

    def forward(self, x, state):
        h, c = state or (zeros(x, self.hidden), zeros(x, self.hidden))
        x = zeros(h, self.inputs) if x is None else x
        row = split(self.gates[0](torch.cat([x, h], 1)), self.order)
        i, f, o = row["i"], row["f"], row["o"]
        if self.Wci is not None:
            i, f = i + self.Wci * c, f + self.Wcf * c
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.candidate(row["g"])
        if self.Wco is not None:
            o = o + self.Wco * c
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, (h, c)


def fused(inputs, hidden, kernel, order="ifog", bias=True, peepholes=None) -> ConvLstm:
    return ConvLstm(inputs, hidden, conv(inputs + hidden, 4 * hidden, kernel, bias), order, peepholes=peepholes)


class PerGateConvLstm(nn.Module):
    """Eight convolutions, those of h without bias."""

    def __init__(self, inputs, hidden, kernel, peepholes=None, bias=True):
        super().__init__()
        self.hidden = hidden
        for gate in "ifco":
            self.add_module("Wx" + gate, conv(inputs, hidden, kernel, bias))
            self.add_module("Wh" + gate, conv(hidden, hidden, kernel, bias=False))
        for gate in "ifo":
            self.register_parameter("Wc" + gate, None if peepholes is None else nn.Parameter(torch.empty(peepholes)))

    def forward(self, x, state):
        h, c = state or (zeros(x, self.hidden), zeros(x, self.hidden))

        def gate(name, cell=None):
            total = getattr(self, "Wx" + name)(x) + getattr(self, "Wh" + name)(h)
            peephole = getattr(self, "Wc" + name, None)
            return total if peephole is None else total + peephole * cell

        i, f = torch.sigmoid(gate("i", c)), torch.sigmoid(gate("f", c))
        c = f * c + i * torch.tanh(gate("c"))
        h = torch.sigmoid(gate("o", c)) * torch.tanh(c)
        return h, (h, c)


class ConvGru(nn.Module):
    """Reset before the convolution of the candidate; `keeps` tells which way the update gate turns."""

    def __init__(self, inputs, hidden, gates: nn.Module, candidate: nn.Module, order, names, keeps=False):
        super().__init__()
        self.inputs, self.hidden, self.order, self.keeps = inputs, hidden, order, keeps
        for name, module in zip(names, (gates, candidate), strict=True):
            self.add_module(name, module)
        self.gates, self.candidate = [gates], [candidate]

    def forward(self, x, h):
        h = zeros(x, self.hidden) if h is None else h
        x = zeros(h, self.inputs) if x is None else x
        row = split(torch.sigmoid(self.gates[0](torch.cat([x, h], 1))), self.order)
        n = torch.tanh(self.candidate[0](torch.cat([x, row["r"] * h], 1)))
        z = row["z"]
        h = z * h + (1 - z) * n if self.keeps else (1 - z) * h + z * n
        return h, h


class PerGateConvGru(nn.Module):
    def __init__(self, inputs, hidden, kernel, bias=True):
        super().__init__()
        self.hidden = hidden
        for name in ("reset_gate", "update_gate", "out_gate"):
            self.add_module(name, conv(inputs + hidden, hidden, kernel, bias))

    def forward(self, x, h):
        h = zeros(x, self.hidden) if h is None else h
        both = torch.cat([x, h], 1)
        r, z = torch.sigmoid(self.reset_gate(both)), torch.sigmoid(self.update_gate(both))
        h = (1 - z) * h + z * torch.tanh(self.out_gate(torch.cat([x, r * h], 1)))
        return h, h


class TutorialConvGru(nn.Module):
    """One convolution per gate and input; `biases` are those of x and of h."""

    def __init__(self, inputs, hidden, kernel, biases=(True, True)):
        super().__init__()
        self.hidden = hidden
        for name in ("conv_x_z", "conv_x_r", "conv"):
            self.add_module(name, conv(inputs, hidden, kernel, biases[0]))
        for name in ("conv_h_z", "conv_h_r", "conv_u"):
            self.add_module(name, conv(hidden, hidden, kernel, biases[1]))

    def forward(self, x, h):
        h = zeros(x, self.hidden) if h is None else h
        z = torch.sigmoid(self.conv_x_z(x) + self.conv_h_z(h))
        r = torch.sigmoid(self.conv_x_r(x) + self.conv_h_r(h))
        h = (1 - z) * h + z * torch.tanh(self.conv(x) + self.conv_u(r * h))
        return h, h


class ResetAfterConvGru(nn.Module):
    def __init__(self, inputs, hidden, kernel, bias=True):
        super().__init__()
        self.hidden = hidden
        self.conv_zr = conv(inputs + hidden, 2 * hidden, kernel, bias)
        self.conv_h1 = conv(inputs, hidden, kernel, bias)
        self.conv_h2 = conv(hidden, hidden, kernel, bias)

    def forward(self, x, h):
        h = zeros(x, self.hidden) if h is None else h
        z, r = torch.sigmoid(self.conv_zr(torch.cat([x, h], 1))).chunk(2, 1)
        h = (1 - z) * torch.tanh(self.conv_h1(x) + r * self.conv_h2(h)) + z * h
        return h, h


def leaky(x: Tensor) -> Tensor:
    return F.leaky_relu(x, 0.2)


def displaced(h: Tensor, flow: Tensor) -> Tensor:
    """h at (column - dx, row - dy), bilinear, zero outside."""
    height, width = h.shape[2:]
    row, column = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    x = 2 * (column - flow[:, 0]) / max(width - 1, 1) - 1
    y = 2 * (row - flow[:, 1]) / max(height - 1, 1) - 1
    return F.grid_sample(h, torch.stack([x, y], -1), "bilinear", "zeros", align_corners=True)


class TrajGru(nn.Module):
    """Reads its state along `links` learned flow fields. Without an input, the terms and biases of x are absent."""

    def __init__(self, inputs, hidden, links, flow_channels=32):
        super().__init__()
        self.hidden = hidden
        self.i2h = conv(inputs, 3 * hidden, 3)
        self.i2f_conv1 = conv(inputs, flow_channels, 5)
        self.h2f_conv1 = conv(hidden, flow_channels, 5)
        self.flows_conv = conv(flow_channels, 2 * links, 5)
        self.ret = conv(links * hidden, 3 * hidden, 1)

    def forward(self, x, h):
        h = zeros(x, self.hidden) if h is None else h
        flow = self.h2f_conv1(h) if x is None else self.h2f_conv1(h) + self.i2f_conv1(x)
        flows = self.flows_conv(leaky(flow)).split(2, 1)
        ret = split(self.ret(torch.cat([displaced(h, flow) for flow in flows], 1)), "rzn")
        row = split(self.i2h(x), "rzn") if x is not None else dict.fromkeys("rzn", 0)
        r, z = torch.sigmoid(row["r"] + ret["r"]), torch.sigmoid(row["z"] + ret["z"])
        h = z * h + (1 - z) * leaky(row["n"] + r * ret["n"])
        return h, h


def normed(inputs: int, outputs: int, kernel: int, grid=None) -> nn.Sequential:
    """A convolution without bias and, where a grid is given, a LayerNorm over all of [outputs, height, width]."""
    norm = [] if grid is None else [nn.LayerNorm([outputs, *grid])]
    return nn.Sequential(conv(inputs, outputs, kernel, bias=False), *norm)


class OpenStlConvLstm(nn.Module):
    """conv_o and conv_last are in the files and have no effect."""

    def __init__(self, inputs, hidden, kernel, grid, hidden_state):
        super().__init__()
        self.hidden, self.hidden_state = hidden, hidden_state
        self.conv_x = normed(inputs, 4 * hidden, kernel, grid)
        self.conv_h = normed(hidden, 4 * hidden, kernel, grid)
        self.conv_o = normed(2 * hidden, hidden, kernel, grid)
        self.conv_last = conv(2 * hidden, hidden, 1, bias=False)

    def forward(self, x, state):
        h, c = state or (zeros(x, self.hidden), zeros(x, self.hidden))
        row = split(self.conv_x(x) + self.conv_h(h), "ifgo")
        i, f, o = (torch.sigmoid(row[gate]) for gate in "ifo")
        g = torch.tanh(row["g"])
        c = f * c + i * g
        h = o * (g if self.hidden_state == "o*g" else torch.tanh(c))
        return h, (h, c)


class SpatiotemporalLstm(nn.Module):
    """The cell of PredRNN: (x, state, memory) to (h, state, memory)."""

    def __init__(self, inputs, hidden, kernel, grid):
        super().__init__()
        self.hidden = hidden
        self.conv_x = normed(inputs, 7 * hidden, kernel, grid)
        self.conv_h = normed(hidden, 4 * hidden, kernel, grid)
        self.conv_m = normed(hidden, 3 * hidden, kernel, grid)
        self.conv_o = normed(2 * hidden, hidden, kernel, grid)
        self.conv_last = conv(2 * hidden, hidden, 1, bias=False)

    def forward(self, x, state, memory):
        h, c = state or (zeros(x, self.hidden), zeros(x, self.hidden))
        xi, xf, xg, xi_, xf_, xg_, xo = self.conv_x(x).chunk(7, 1)
        hi, hf, hg, ho = self.conv_h(h).chunk(4, 1)
        mi, mf, mg = self.conv_m(memory).chunk(3, 1)
        c = torch.sigmoid(xf + hf + 1) * c + torch.sigmoid(xi + hi) * torch.tanh(xg + hg)
        memory = torch.sigmoid(xf_ + mf + 1) * memory + torch.sigmoid(xi_ + mi) * torch.tanh(xg_ + mg)
        both = torch.cat([c, memory], 1)
        h = torch.sigmoid(xo + ho + self.conv_o(both)) * torch.tanh(self.conv_last(both))
        return h, (h, c), memory


class LinearGru(nn.Module):
    """As tutorials write it: one Linear per gate and input."""

    def __init__(self, inputs, hidden, reset, update):
        super().__init__()
        self.hidden, self.reset, self.update = hidden, reset, update
        for gate in "rzn":
            self.add_module("x_" + gate, nn.Linear(inputs, hidden))
            self.add_module("h_" + gate, nn.Linear(hidden, hidden))

    def forward(self, x, h):
        h = zeros(x, self.hidden) if h is None else h
        r, z = torch.sigmoid(self.x_r(x) + self.h_r(h)), torch.sigmoid(self.x_z(x) + self.h_z(h))
        n = torch.tanh(self.x_n(x) + (self.h_n(r * h) if self.reset == "before" else r * self.h_n(h)))
        h = z * h + (1 - z) * n if self.update == "keeps" else (1 - z) * h + z * n
        return h, h


class LinearLstm(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.hidden = hidden
        for gate in "ifgo":
            self.add_module("x_" + gate, nn.Linear(inputs, hidden))
            self.add_module("h_" + gate, nn.Linear(hidden, hidden))

    def forward(self, x, state):
        h, c = state or (zeros(x, self.hidden), zeros(x, self.hidden))
        row = {gate: getattr(self, "x_" + gate)(x) + getattr(self, "h_" + gate)(h) for gate in "ifgo"}
        c = torch.sigmoid(row["f"]) * c + torch.sigmoid(row["i"]) * torch.tanh(row["g"])
        h = torch.sigmoid(row["o"]) * torch.tanh(c)
        return h, (h, c)
