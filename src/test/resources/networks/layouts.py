"""What the cells and networks are called and made of in single layouts."""

from torch import nn

import cells as c
import networks as n


def ef_lstm(inputs, hidden, kernel):
    gates = nn.Sequential(c.conv(inputs + hidden, 4 * hidden, kernel), nn.GroupNorm(4 * hidden // 32, 4 * hidden))
    return c.ConvLstm(inputs, hidden, gates, "ifgo")


def ef_gru(inputs, hidden, kernel):
    gates = nn.Sequential(c.conv(inputs + hidden, 2 * hidden, kernel), nn.GroupNorm(2 * hidden // 32, 2 * hidden))
    candidate = nn.Sequential(c.conv(inputs + hidden, hidden, kernel), nn.GroupNorm(hidden // 32, hidden))
    return c.ConvGru(inputs, hidden, gates, candidate, "zr", ("conv1", "conv2"))


def hzzone_cell(inputs, hidden, kernel, peepholes):
    gates = c.conv(inputs + hidden, 4 * hidden, kernel)
    return c.ConvLstm(inputs, hidden, gates, "ifgo", name="_conv", peepholes=peepholes)


def happyjin_cell(inputs, hidden, kernel):
    gates, candidate = (c.conv(inputs + hidden, rows, kernel) for rows in (2 * hidden, hidden))
    return c.ConvGru(inputs, hidden, gates, candidate, "rz", ("conv_gates", "conv_can"))


def bionick_cell(inputs, hidden):
    gates, candidate = (c.conv(inputs + hidden, rows, 3) for rows in (2 * hidden, hidden))
    return c.ConvGru(inputs, hidden, gates, candidate, "rz", ("ConvGates", "Conv_ct"), keeps=True)


def tutorial(channels, hidden, kernel, biases=(True, True)):
    return n.Stack({"": c.TutorialConvGru(channels, hidden, kernel, biases)}, ("conv_out", c.conv(hidden, channels, 1)))


def handwritten(cell: str, inputs, hidden: list[int], **options) -> n.HandwrittenNetwork:
    kind = c.LinearGru if cell == "gru" else c.LinearLstm
    sizes = zip([inputs, *hidden], hidden, strict=False)
    return n.HandwrittenNetwork([kind(*size, **options) for size in sizes], inputs)
