"""The fixtures: each network, its manifest choices, and the shapes of its inputs."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

import cells as c
import layouts
import networks as n


@dataclass(frozen=True)
class Fixture:
    name: str
    build: Callable[[], nn.Module]
    shape: tuple[int, ...]  # [B,T,C,H,W]
    steps: int
    other: tuple[tuple[int, ...], int] | None = None  # another shape and number of steps
    choices: dict[str, str] = field(default_factory=dict)
    container: str = "plain"
    idle: tuple[str, ...] = ()  # patterns of the keys that have no effect
    value_range: tuple[float, float] = (0, 1)
    gain: float = 1.6
    adjust: Callable[[nn.Module], None] = lambda network: None
    training: bool = False  # norms use the statistics of the frame


CLOSED = {"forecast": "closed-loop"}
PER_FRAME = {"forecast": "per-frame"}
LINEAR = {**CLOSED, "head": "linear"}
BARE = {**PER_FRAME, "head": "none"}
REPEATED = {"forecast": "repeat-last", "effective-steps": "1,2,4", "head": "none"}
VECTORS, OTHER_VECTORS = (2, 4, 2, 2, 3), ((1, 6, 2, 1, 1), 3)
FRAMES, OTHER_FRAMES = (2, 3, 1, 8, 10), ((1, 5, 1, 10, 6), 3)


def of(shape, channels):
    return (*shape[:2], channels, *shape[3:])


def other(channels, shape=OTHER_FRAMES):
    return of(shape[0], channels), shape[1]


def stacked(path: str, make, *sizes) -> dict[str, nn.Module]:
    return {path.format(k): make(*size) for k, size in enumerate(sizes)}


def scaled(path: str, factor: float):
    def adjust(network):
        network.get_parameter(path).data *= factor

    return adjust


def silver_scales(network):
    """Inputs go to 255, and the last layer's outputs through sigmoid(10 tanh(.))."""
    network.conv1[0].weight.data /= 128
    network.deconv2[0].weight.data /= 10
    network.deconv2[0].bias.data /= 10


def peephole_stack():
    grid = FRAMES[3:]
    cell = lambda a, b, kernel: c.fused(a, b, kernel, peepholes=(b, *grid))  # noqa: E731
    return n.Stack(stacked("cell_list.{}", cell, (1, 3, 3), (3, 4, 5)), mode=n.per_frame)


def per_gate_stack(*sizes, bias=True):
    cell = lambda a, b: c.PerGateConvLstm(a, b, 3, (1, b, *FRAMES[3:]), bias)  # noqa: E731
    return n.Stack(stacked("cell{}", cell, *sizes), mode=n.repeat_last([1, 2, 4]))


def ef(cell, hidden, down, up, inputs=(2, 3, 4)):
    """jhhuang96: strides 1, 2, 2; kernels of the encoder's and of the forecaster's cells, both from the bottom on."""
    (a, b, d), (x, y, z) = hidden, inputs
    return n.EncoderForecaster(
        [
            {"conv1_leaky_1": (1, x, 3, 1, 1)},
            {"conv2_leaky_1": (a, y, 3, 2, 1)},
            {"conv3_leaky_1": (b, z, 3, 2, 1)},
        ],
        [cell(x, a, down[0]), cell(y, b, down[1]), cell(z, d, down[2])],
        [
            {"deconv1_leaky_1": (d, z, 4, 2, 1)},
            {"deconv2_leaky_1": (b, y, 4, 2, 1)},
            {"conv3_leaky_1": (a, x, 3, 1, 1), "conv4_leaky_1": (x, 1, 1, 1, 0)},
        ],
        [cell(3, d, up[2]), cell(z, b, up[1]), cell(y, a, up[0])],
    )


def hko(cells, forecaster_cells):
    """Hzzone: strides 5, 3, 2, with hidden channels 3, 4, 4 and inputs 2, 3, 3 down, 4, 3, 3 up."""
    return n.EncoderForecaster(
        [
            {"conv1_leaky_1": (1, 2, 7, 5, 1)},
            {"conv2_leaky_1": (3, 3, 5, 3, 1)},
            {"conv3_leaky_1": (4, 3, 3, 2, 1)},
        ],
        cells,
        [
            {"deconv1_leaky_1": (4, 3, 4, 2, 1)},
            {"deconv2_leaky_1": (4, 3, 5, 3, 1)},
            {"deconv3_leaky_1": (3, 2, 7, 5, 1), "conv3_leaky_2": (2, 2, 3, 1, 1), "conv3_3": (2, 1, 1, 1, 0)},
        ],
        forecaster_cells,
        "forecaster",
    )


def hko_lstm(grid=None):
    def cell(inputs, hidden, stride):
        peepholes = grid and (1, hidden, grid[0] // stride, grid[1] // stride)
        return layouts.hzzone_cell(inputs, hidden, 3, peepholes)

    sizes = (2, 3, 5), (3, 4, 15), (3, 4, 30)
    upwards = (4, 4, 30), (3, 4, 15), (3, 3, 5)
    return hko([cell(*size) for size in sizes], [cell(*size) for size in upwards])


def hko_trajgru():
    cell = lambda a, b, links: c.TrajGru(a, b, links, flow_channels=3)  # noqa: E731
    sizes = (2, 3, 3), (3, 4, 3), (3, 4, 2)
    upwards = (4, 4, 3), (3, 4, 2), (3, 3, 2)
    return hko([cell(*size) for size in sizes], [cell(*size) for size in upwards])


def other_kernels():
    """Kernels that no public configuration has, and a stage of two layers; strides 1 and 2, then 1 and 3."""
    cell = lambda a, b: layouts.hzzone_cell(a, b, 3, None)  # noqa: E731
    return n.EncoderForecaster(
        [
            {"conv1_leaky_1": (1, 2, 5, 1, 2)},
            {"conv2_leaky_1": (3, 3, 3, 1, 1), "conv2_leaky_2": (3, 2, 6, 2, 2)},
            {"conv3_leaky_1": (4, 3, 9, 3, 3)},
        ],
        [cell(2, 3), cell(2, 4), cell(3, 4)],
        [
            {"deconv1_leaky_1": (4, 3, 9, 3, 3)},
            {"deconv2_leaky_1": (4, 3, 6, 2, 2)},
            {"conv3_leaky_1": (3, 2, 5, 1, 2), "conv3_2": (2, 1, 1, 1, 0)},
        ],
        [cell(4, 4), cell(3, 4), cell(3, 3)],
        "forecaster",
    )


def predictor(make):
    cells = [[make(a, b, 3) for a, b in ((3, 3), (3, 4), (4, 3))] for _ in range(2)]
    return n.AserdegaPredictor(*cells, [1, 4, 5, 6, 3], [3, 6, 5, 4, 1])


def described(cell: str, gates: str, **choices) -> dict[str, str]:
    parts = ("input", "x"), ("hidden", "h")
    names = {f"{part}.{gate}": f"cells.{{layer}}.{prefix}_{gate}" for part, prefix in parts for gate in gates}
    return {"layout": "described", "cell": cell, **choices, **names, "head": "fc", **CLOSED}


def bare() -> dict[str, str]:
    names = {
        f"{part}.{gate}": f"{prefix}{'h' if gate == 'n' else gate}"
        for part, prefix in (("input", "W_x"), ("hidden", "W_h"), ("bias", "b_"))
        for gate in "zrn"
    }
    choices = {"layout": "described", "cell": "gru", "reset": "before", "update": "keeps", "orientation": "in-out"}
    return {**choices, **names, "head": "W_hq", "head-bias": "b_q", **CLOSED}


def vectors(name, build, choices=LINEAR, steps=5, other=OTHER_VECTORS, shape=VECTORS, **options):
    return Fixture(name, build, shape, steps, other, choices, **options)


def frames(name, build, choices, channels=1, steps=4, tied=False, **options):
    there = None if tied else other(channels)
    return Fixture(name, build, of(FRAMES, channels), steps, there, choices, **options)


OPENSTL_IDLE = ("*.conv_o.*", "cell_list.?.conv_last.*")
PATCH = {"patch": "2"}

FIXTURES = [
    vectors("lstm", lambda: n.VectorNetwork(nn.LSTM, 2, 5, 2)),
    vectors("lstm-2layer-nobias", lambda: n.VectorNetwork(nn.LSTM, 2, 4, 2, num_layers=2, bias=False), gain=2.2),
    vectors("lstm-proj", lambda: n.VectorNetwork(nn.LSTM, 2, 5, 2, num_layers=2, proj_size=3)),
    vectors(
        "lstm-bidirectional",
        lambda: n.BidirectionalNetwork(nn.LSTM, 2, 4, 3, num_layers=2, bidirectional=True),
        {**PER_FRAME, "head": "linear"},
        steps=4,
        other=((1, 6, 2, 1, 1), 6),
    ),
    vectors(
        "lstm-all-at-once",
        lambda: n.AllAtOnceNetwork(nn.LSTM, 2, 5, 4),
        {"forecast": "all-at-once", "head": "linear"},
        steps=4,
        other=((1, 6, 2, 1, 1), 4),
    ),
    vectors(
        "lstm-bidirectional-final",
        lambda: n.FinalStatesNetwork(nn.LSTM, 2, 4, 3, num_layers=2, bidirectional=True),
        {"forecast": "all-at-once", "head": "linear", "head-reads": "final-states"},
        steps=3,
        other=((1, 6, 2, 1, 1), 3),
    ),
    vectors("lstm-cells", lambda: n.CellsNetwork(2, (4, 3), 2), {**LINEAR, "stack": "lstm1,lstm2"}, gain=2.2),
    vectors("gru-relu", lambda: n.ActivatedNetwork(nn.GRU, 2, 5, 2), {**LINEAR, "state-activation": "relu"}),
    vectors(
        "gru-embedded",
        lambda: n.EmbeddedNetwork(nn.GRU, 2, 4, 5, 3, 2, num_layers=2),
        {
            **CLOSED,
            "stem": "embed",
            "stem-activation": "relu",
            "head": "linear.0,linear.2",
            "head-between": "gelu",
        },
        gain=3.0,
    ),
    vectors("gru", lambda: n.VectorNetwork(nn.GRU, 2, 5, 2)),
    vectors("gru-2layer", lambda: n.VectorNetwork(nn.GRU, 2, 4, 2, num_layers=2)),
    vectors("gru-nobias", lambda: n.VectorNetwork(nn.GRU, 2, 5, 2, bias=False)),
    frames("tutorial-convgru", lambda: layouts.tutorial(2, 3, 3), CLOSED, channels=2),
    frames("tutorial-convgru-1x1", lambda: layouts.tutorial(1, 5, 1), CLOSED),
    # In four steps bf16 is off by 5 % of the range, in PyTorch too.
    frames("tutorial-convgru-nobias", lambda: layouts.tutorial(1, 3, 3, (False, False)), CLOSED, steps=3, gain=1.6),
    frames("tutorial-convgru-nobias-h", lambda: layouts.tutorial(1, 3, 3, (True, False)), CLOSED, gain=2.2),
    frames(
        "fused-convlstm-ifog",
        lambda: n.Stack(stacked("cell_list.{}", c.fused, (2, 4, 3), (4, 3, 5)), ("head", c.conv(3, 2, 3))),
        {**CLOSED, "gates": "i,f,o,g", "head": "head", "head-activation": "none"},
        channels=2,
    ),
    frames(
        "fused-convlstm-ifgo",
        lambda: n.Stack(
            stacked("net.cell_list.{}", lambda a, b: c.fused(a, b, 3, "ifgo"), (1, 4), (4, 3)),
            ("readout", c.conv(3, 1, 1)),
            nn.Sigmoid(),
        ),
        {**CLOSED, "gates": "i,f,g,o", "head": "readout", "head-activation": "sigmoid"},
        adjust=scaled("readout.weight", 3),
        gain=2.2,
    ),
    frames(
        "fused-convlstm-figo",
        lambda: n.Stack(
            stacked("cell_list.{}", lambda a, b: c.fused(a, b, 3, "figo"), (1, 4), (4, 3)), ("head", c.conv(3, 1, 3))
        ),
        {**CLOSED, "gates": "f,i,g,o", "head": "head", "head-activation": "none"},
        gain=2.2,
    ),
    frames(
        "fused-convlstm-stem",
        lambda: n.ConvolvedStack(
            (c.conv(1, 3, 3), c.conv(3, 2, 1)),
            stacked("cell_list.{}", lambda a, b: c.fused(a, b, 3), (2, 4)),
            ("head", nn.Sequential(c.conv(4, 3, 3), nn.LeakyReLU(), c.conv(3, 1, 1))),
        ),
        {
            **CLOSED,
            "gates": "i,f,o,g",
            "stem": "stem.0,stem.2",
            "stem-activation": "leaky-relu",
            "head": "head.0,head.2",
            "head-between": "leaky-relu",
            "head-activation": "none",
        },
        gain=2.2,
    ),
    Fixture(
        "fused-convlstm-nobias-per-frame",
        lambda: n.Stack(
            stacked("cell_list.{}", lambda a, b, k: c.fused(a, b, k, bias=False), (1, 4, 5), (4, 3, 3)),
            mode=n.per_frame,
        ),
        FRAMES,
        3,
        (OTHER_FRAMES[0], 4),
        {**BARE, "gates": "i,f,o,g"},
        gain=2.2,
    ),
    frames("peephole-convlstm-stack", peephole_stack, {**BARE, "gates": "i,f,o,g"}, steps=3, tied=True),
    frames(
        "per-gate-convlstm",
        lambda: per_gate_stack((1, 4), (4, 3), (3, 3)),
        REPEATED,
        steps=3,
        tied=True,
    ),
    frames(
        "per-gate-convlstm-nobias",
        lambda: per_gate_stack((1, 3), (3, 2), bias=False),
        REPEATED,
        steps=3,
        tied=True,
        gain=2.2,
    ),
    frames(
        "per-gate-convlstm-no-peepholes",
        lambda: n.Stack(
            stacked("cell{}", c.PerGateConvLstm, (2, 4, 3), (4, 3, 5)), ("head", c.conv(3, 2, 1)), nn.Tanh()
        ),
        {**CLOSED, "head": "head", "head-activation": "tanh"},
        channels=2,
    ),
    frames(
        "happyjin-convgru",
        lambda: n.Stack(
            stacked("cell_list.{}", layouts.happyjin_cell, (1, 4, 3), (4, 3, 5)), ("head", c.conv(3, 1, 3)), nn.ReLU()
        ),
        {**CLOSED, "head": "head", "head-activation": "relu"},
    ),
    frames(
        "jacobkimmel-convgru",
        lambda: n.Stack(stacked("ConvGRUCell_{:02}", c.PerGateConvGru, (1, 4, 3), (4, 3, 5)), mode=n.per_frame),
        BARE,
        steps=3,
        container="legacy",
    ),
    frames(
        "jacobkimmel-convgru-nobias",
        lambda: n.Stack(
            stacked("ConvGRUCell_{:02}", lambda a, b: c.PerGateConvGru(a, b, 3, bias=False), (1, 3), (3, 2)),
            mode=n.per_frame,
        ),
        BARE,
        steps=3,
        gain=2.2,
    ),
    frames("bionick87-convgru", lambda: n.Stack({"": layouts.bionick_cell(1, 4)}, mode=n.per_frame), BARE, steps=3),
    frames(
        "aserdega-convgru-stack",
        lambda: n.Stack(stacked("cell_list.{}", c.ResetAfterConvGru, (1, 3, 3), (3, 4, 5)), mode=n.per_frame),
        BARE,
        steps=3,
    ),
    frames(
        "aserdega-convgru-nobias",
        lambda: n.Stack(
            stacked("cell_list.{}", lambda a, b: c.ResetAfterConvGru(a, b, 3, bias=False), (1, 3), (3, 2)),
            mode=n.per_frame,
        ),
        BARE,
        steps=3,
        gain=2.2,
    ),
    Fixture(
        "ef-convlstm-groupnorm",
        lambda: ef(layouts.ef_lstm, (8, 24, 8), (3, 1, 1), (1, 1, 1)),
        (2, 3, 1, 8, 12),
        4,
        ((1, 4, 1, 4, 16), 3),
        gain=2.2,
    ),
    Fixture(
        "ef-convgru-groupnorm",
        lambda: ef(layouts.ef_gru, (32, 32, 48), (1, 1, 1), (1, 1, 1), (2, 2, 3)),
        (2, 3, 1, 8, 12),
        4,
        ((1, 4, 1, 4, 16), 3),
        container="jhhuang96",
        gain=2.2,
    ),
    Fixture("hzzone-convlstm", lambda: hko_lstm((60, 30)), (1, 2, 1, 60, 30), 2, gain=2.2),
    Fixture(
        "hzzone-convlstm-cuda", hko_lstm, (1, 2, 1, 60, 30), 2, ((1, 1, 1, 30, 60), 1), container="legacy", gain=2.2
    ),
    Fixture(
        "hzzone-convlstm-kernels",
        other_kernels,
        (2, 3, 1, 12, 18),
        3,
        ((1, 2, 1, 18, 12), 4),
        {"strides": "1,1,2,3", "paddings": "2,1,2,3"},
        gain=2.2,
    ),
    Fixture(
        "hzzone-trajgru",
        hko_trajgru,
        (1, 2, 1, 60, 60),
        2,
        ((1, 1, 1, 30, 60), 1),
        container="safetensors",
        idle=("forecaster.rnn3.i2*",),
        gain=1.9,
    ),
    frames(
        "openstl-tanh-c",
        lambda: n.OpenStl(1, [3, 4], 5, 2, "o*tanh(c)"),
        {**PATCH, "hidden-state": "o*tanh(c)"},
        idle=OPENSTL_IDLE,
    ),
    frames(
        "openstl-o-g",
        lambda: n.OpenStl(2, [3, 4], 3, 2, "o*g"),
        {**PATCH, "hidden-state": "o*g"},
        channels=2,
        idle=OPENSTL_IDLE,
    ),
    Fixture(
        "openstl-layernorm",
        lambda: n.OpenStl(1, [3, 4], 3, 2, "o*tanh(c)", (2, 4)),
        (2, 3, 1, 4, 8),
        4,
        choices={**PATCH, "hidden-state": "o*tanh(c)"},
        container="lightning",
        idle=OPENSTL_IDLE,
    ),
    frames("predrnn", lambda: n.PredRnn(2, 3, 3, 3, 2), PATCH, channels=2, container="net_param"),
    Fixture(
        "predrnn-layernorm",
        lambda: n.PredRnn(1, 3, 2, 3, 2, (2, 4)),
        (2, 3, 1, 4, 8),
        4,
        choices=PATCH,
        container="net_param",
    ),
    frames(
        "predrnn-v2", lambda: n.PredRnn(1, 4, 2, 3, 2, adapter=True), PATCH, container="net_param", idle=("adapter.*",)
    ),
    frames(
        "holmdk", lambda: n.Holmdk(1, 4), {}, container="lightning", gain=2.5, adjust=scaled("decoder_CNN.weight", 3)
    ),
    frames(
        "holmdk-bf16",
        lambda: n.Holmdk(1, 4),
        {},
        container="bfloat16",
        gain=2.5,
        adjust=scaled("decoder_CNN.weight", 3),
    ),
    frames(
        "holmdk-f16", lambda: n.Holmdk(1, 4), {}, container="float16", gain=2.5, adjust=scaled("decoder_CNN.weight", 3)
    ),
    frames(
        "holmdk-f64", lambda: n.Holmdk(1, 3), {}, container="float64", gain=2.5, adjust=scaled("decoder_CNN.weight", 3)
    ),
    Fixture(
        "aserdega-convlstm-predictor",
        lambda: predictor(lambda a, b, k: c.fused(a, b, k, peepholes=(b, 3, 4))),
        (2, 3, 1, 12, 16),
        3,
        None,
        {"head-activation": "sigmoid", "batch-norm": "running"},
        container="parts",
        gain=2.2,
    ),
    Fixture(
        "aserdega-convgru-predictor",
        lambda: predictor(c.ResetAfterConvGru),
        (2, 3, 1, 12, 16),
        3,
        ((1, 4, 1, 8, 12), 4),
        {"head-activation": "sigmoid", "batch-norm": "running"},
        container="parts",
    ),
    Fixture(
        "dsip-convgru",
        lambda: n.Dsip(1, 2, 3),
        (2, 3, 1, 8, 12),
        4,
        ((1, 4, 1, 4, 16), 3),
        container="lightning",
        value_range=(-1, 1),
        gain=2.5,
    ),
    Fixture(
        "czifan-convlstm",
        lambda: n.Czifan(1, [3, 4, 5], [4, 3, 3]),
        (2, 3, 1, 16, 8),
        3,
        ((1, 4, 1, 8, 24), 4),
        container="safetensors",
        gain=2.4,
    ),
    *(
        Fixture(
            f"silver0x10-{mode}",
            lambda: n.Silver(4, 1, 3),
            (2 if mode == "running" else 1, 4, 1, 8, 12),
            3,
            ((1, 3, 1, 14, 10), 3),
            {"batch-norm": mode},
            value_range=(0, 255),
            container="plain" if mode == "running" else "safetensors",
            training=mode == "frame",
            adjust=silver_scales,
            idle=("conv?.0.bias", "deconv1.0.bias", "*.running_*") if mode == "frame" else (),
        )
        for mode in ("running", "frame")
    ),
    vectors(
        "handwritten-gru-keeps",
        lambda: layouts.handwritten("gru", 2, [4, 3], reset="after", update="keeps"),
        described("gru", "rzn", reset="after", update="keeps"),
    ),
    vectors(
        "handwritten-gru-replaces",
        lambda: layouts.handwritten("gru", 2, [4, 3], reset="before", update="replaces"),
        described("gru", "rzn", reset="before", update="replaces"),
    ),
    vectors(
        "handwritten-gru-series",
        lambda: layouts.handwritten("gru", 1, [4, 3], reset="after", update="keeps"),
        described("gru", "rzn", reset="after", update="keeps"),
        shape=of(VECTORS, 1),
        other=((1, 6, 1, 1, 1), 3),
        gain=2.2,
    ),
    vectors("handwritten-lstm", lambda: layouts.handwritten("lstm", 2, [4, 3]), described("lstm", "ifgo")),
    vectors("handwritten-gru-d2l", lambda: n.BareGru(2, 4), bare()),
]


def randomise(network: nn.Module, gain: float) -> None:
    """Draws every tensor; weights by the number of values that they add up."""
    for module in network.modules():
        for name, tensor in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]:
            tensor = tensor.data
            if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
                if name == "num_batches_tracked":
                    tensor.fill_(1234)
                elif name == "running_var":
                    tensor.uniform_(0.5, 1.5)
                elif name == "weight":
                    tensor.normal_(1, 0.3)
                else:
                    tensor.normal_(0, 0.4)
            elif "bias" in name or name.startswith("b_"):
                tensor.normal_(0, 0.3)
            elif name in ("Wci", "Wcf", "Wco"):
                tensor.normal_(0, 0.7)
            else:
                fan_in = tensor[0].numel()
                if isinstance(module, nn.ConvTranspose2d):
                    fan_in = tensor[:, 0].numel() / (module.stride[0] * module.stride[1])
                elif name.startswith("W_"):
                    fan_in = tensor.shape[0]
                tensor.normal_(0, gain / fan_in**0.5)


def scenes(shape, low: float, high: float) -> Tensor:
    """Smooth blobs that drift and change; vectors waves."""
    batch, length, channels, height, width = shape
    noise = torch.randn(batch * channels, 2, max(2, height // 3), max(2, width // 3))
    first, second = nn.functional.interpolate(noise, size=(height, width), mode="bicubic").chunk(2, 1)
    at = [first.roll((t, 2 * t), (2, 3)) + 0.5 * t * second for t in range(length)]
    values = torch.sigmoid(1.5 * torch.stack(at, 1)).reshape(batch, channels, length, height, width).transpose(1, 2)
    return (low + (high - low) * values).contiguous()
