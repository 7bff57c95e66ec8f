"""The networks that the cells make up, with the keys of the public layouts.

Each has forecast(frames [B,T,C,H,W], steps) -> [B,steps,C',H,W].
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cells import ConvGru, ConvLstm, OpenStlConvLstm, SpatiotemporalLstm, conv, fused, leaky, zeros


def closed_loop(step, frames: Tensor, steps: int) -> Tensor:
    """The prediction is fed back; the first one comes from the last input frame."""
    state = None
    for frame in frames.unbind(1):
        output, state = step(frame, state)
    outputs = [output]
    while len(outputs) < steps:
        output, state = step(output, state)
        outputs.append(output)
    return torch.stack(outputs, 1)


def per_frame(step, frames: Tensor, steps: int) -> Tensor:
    """The outputs for the first `steps` input frames."""
    state, outputs = None, []
    for frame in frames[:, :steps].unbind(1):
        output, state = step(frame, state)
        outputs.append(output)
    return torch.stack(outputs, 1)


def repeat_last(effective_steps: list[int]):
    """The last input frame is fed on and on; step 0 is its first time."""

    def forecast(step, frames: Tensor, steps: int) -> Tensor:
        state, outputs = None, []
        for frame in frames[:, :-1].unbind(1):
            _, state = step(frame, state)
        for _ in range(effective_steps[steps - 1] + 1):
            output, state = step(frames[:, -1], state)
            outputs.append(output)
        return torch.stack([outputs[k] for k in effective_steps[:steps]], 1)

    return forecast


def place(root: nn.Module, path: str, module: nn.Module) -> None:
    """Registers a module under a dotted name, or its children in the root itself where the name is empty."""
    if not path:
        for name, child in module.named_children():
            root.add_module(name, child)
        return
    *parents, name = path.split(".")
    for parent in parents:
        if not hasattr(root, parent):
            root.add_module(parent, nn.Module())
        root = getattr(root, parent)
    root.add_module(name, module)


def run(cells, x, states):
    """One step of cells on top of each other."""
    states = states or [None] * len(cells)
    following = []
    for cell, state in zip(cells, states, strict=True):
        x, state = cell(x, state)
        following.append(state)
    return x, following


class Stack(nn.Module):
    """Cells and a read-out, under the names given."""

    def __init__(self, cells: dict[str, nn.Module], head=None, activation=None, mode=closed_loop):
        super().__init__()
        for name, cell in cells.items():
            place(self, name, cell)
        # In a list and a tuple, so that they are registered under their own names alone.
        self.cells, self.read_out = list(cells.values()), (nn.Identity(),)
        self.activation, self.mode = activation or nn.Identity(), mode
        if head:
            name, module = head
            place(self, name, module)
            self.read_out = (module,)

    def step(self, x, states):
        h, states = run(self.cells, x, states)
        return self.activation(self.read_out[0](h)), states

    def forecast(self, frames, steps):
        return self.mode(self.step, frames, steps)


def series(frames: Tensor) -> Tensor:
    """[B,T,C,H,W] to one series per grid cell, [B*H*W,T,C]."""
    return frames.permute(0, 3, 4, 1, 2).flatten(0, 2)


def gridded(values: Tensor, like: Tensor) -> Tensor:
    batch, _, _, height, width = like.shape
    return values.unflatten(0, (batch, height, width)).permute(0, 3, 4, 1, 2)


class VectorNetwork(nn.Module):
    """nn.LSTM or nn.GRU and a Linear, for every grid cell."""

    def __init__(self, kind, inputs, hidden, outputs, mode=closed_loop, **options):
        super().__init__()
        self.rnn = kind(inputs, hidden, batch_first=True, **options)
        width = (self.rnn.proj_size or hidden) * (2 if self.rnn.bidirectional else 1)
        self.linear = nn.Linear(width, outputs)
        self.mode = mode

    def step(self, x, state):
        h, state = self.rnn(x[:, None], state)
        return self.linear(h[:, 0]), state

    def forecast(self, frames, steps):
        return gridded(self.forecast_series(series(frames), steps), frames)

    def forecast_series(self, values, steps):
        return self.mode(self.step, values, steps)


class BidirectionalNetwork(VectorNetwork):
    def forecast_series(self, values, steps):
        return self.linear(self.rnn(values)[0])[:, :steps]


class AllAtOnceNetwork(VectorNetwork):
    """The outputs of the read-out are the steps of one value."""

    def forecast_series(self, values, steps):
        assert steps == self.linear.out_features
        return self.linear(self.rnn(values)[0][:, -1])[..., None]


class FinalStatesNetwork(VectorNetwork):
    """Reads the states that both directions end with, as many do; the steps are those of one value."""

    def forecast_series(self, values, steps):
        assert steps == self.linear.out_features
        states = self.rnn(values)[1][0]
        return self.linear(torch.cat([states[-2], states[-1]], 1))[..., None]


class ActivatedNetwork(VectorNetwork):
    """A ReLU between the states and the read-out."""

    def step(self, x, state):
        h, state = self.rnn(x[:, None], state)
        return self.linear(torch.relu(h[:, 0])), state


class EmbeddedNetwork(VectorNetwork):
    """A linear layer before the cells, and two behind them."""

    def __init__(self, kind, inputs, embedded, hidden, between, outputs, **options):
        super().__init__(kind, embedded, hidden, outputs, **options)
        self.embed = nn.Linear(inputs, embedded)
        self.linear = nn.Sequential(nn.Linear(hidden, between), nn.GELU(), nn.Linear(between, outputs))

    def step(self, x, state):
        return super().step(torch.relu(self.embed(x)), state)


class ConvolvedStack(Stack):
    """Convolutions before the cells, each with a leaky ReLU behind."""

    def __init__(self, stem, *arguments):
        super().__init__(*arguments)
        self.stem = nn.Sequential(*(part for layer in stem for part in (layer, nn.LeakyReLU())))

    def step(self, x, states):
        return super().step(self.stem(x), states)


class CellsNetwork(nn.Module):
    """nn.LSTMCell twice, called step by step."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.lstm1 = nn.LSTMCell(inputs, hidden[0])
        self.lstm2 = nn.LSTMCell(hidden[0], hidden[1])
        self.linear = nn.Linear(hidden[1], outputs)

    def step(self, x, states):
        first, second = states or (None, None)
        first = self.lstm1(x, first)
        second = self.lstm2(first[0], second)
        return self.linear(second[0]), (first, second)

    def forecast(self, frames, steps):
        return gridded(closed_loop(self.step, series(frames), steps), frames)


class HandwrittenNetwork(nn.Module):
    def __init__(self, cells, outputs):
        super().__init__()
        self.cells = nn.ModuleList(cells)
        self.fc = nn.Linear(cells[-1].hidden, outputs)

    def step(self, x, states):
        h, states = run(self.cells, x, states)
        return self.fc(h), states

    def forecast(self, frames, steps):
        return gridded(closed_loop(self.step, series(frames), steps), frames)


class BareGru(nn.Module):
    """A GRU of bare matrices [in,out], reset before: x @ W + h @ V + b."""

    def __init__(self, inputs, hidden):
        super().__init__()
        for gate in "zrh":
            self.register_parameter("W_x" + gate, nn.Parameter(torch.empty(inputs, hidden)))
            self.register_parameter("W_h" + gate, nn.Parameter(torch.empty(hidden, hidden)))
            self.register_parameter("b_" + gate, nn.Parameter(torch.empty(hidden)))
        self.W_hq = nn.Parameter(torch.empty(hidden, inputs))
        self.b_q = nn.Parameter(torch.empty(inputs))

    def step(self, x, h):
        h = zeros(x, len(self.b_h)) if h is None else h
        z = torch.sigmoid(x @ self.W_xz + h @ self.W_hz + self.b_z)
        r = torch.sigmoid(x @ self.W_xr + h @ self.W_hr + self.b_r)
        n = torch.tanh(x @ self.W_xh + (r * h) @ self.W_hh + self.b_h)
        h = z * h + (1 - z) * n
        return h @ self.W_hq + self.b_q, h

    def forecast(self, frames, steps):
        return gridded(closed_loop(self.step, series(frames), steps), frames)


class Stage(nn.Sequential):
    """Convolutions; a leaky rectifier follows those whose name says so."""

    def forward(self, x):
        for name, layer in self.named_children():
            x = leaky(layer(x)) if "leaky" in name else layer(x)
        return x


class EncoderForecaster(nn.Module):
    """Levels of [stage, cell], down and then up; the forecaster starts from the encoder's states, its top has no input.

    Stages: {name: (inputs, outputs, kernel, stride, padding)}, cells: modules; the forecaster's from its top on.
    """

    def __init__(self, encoder_stages, encoder_cells, forecaster_stages, forecaster_cells, forecaster="decoder"):
        super().__init__()
        self.levels = len(encoder_cells)
        self.up = forecaster
        for level, (stage, cell) in enumerate(zip(encoder_stages, encoder_cells, strict=True), 1):
            place(self, f"encoder.stage{level}", self.stage(stage))
            place(self, f"encoder.rnn{level}", cell)
        for level, stage, cell in zip(range(self.levels, 0, -1), forecaster_stages, forecaster_cells, strict=True):
            place(self, f"{forecaster}.rnn{level}", cell)
            place(self, f"{forecaster}.stage{level}", self.stage(stage))

    @staticmethod
    def stage(layers):
        kinds = {name: nn.ConvTranspose2d if "deconv" in name else nn.Conv2d for name in layers}
        return Stage(OrderedDict((name, kinds[name](*shape)) for name, shape in layers.items()))

    def forecast(self, frames, steps):
        down, up = self.encoder, getattr(self, self.up)
        state = dict.fromkeys(range(1, self.levels + 1))
        for x in frames.unbind(1):
            for level in range(1, self.levels + 1):
                x, state[level] = getattr(down, f"rnn{level}")(getattr(down, f"stage{level}")(x), state[level])
        outputs = []
        for _ in range(steps):
            x = None
            for level in range(self.levels, 0, -1):
                x, state[level] = getattr(up, f"rnn{level}")(x, state[level])
                x = getattr(up, f"stage{level}")(x)
            outputs.append(x)
        return torch.stack(outputs, 1)


def patched(frames: Tensor, p: int) -> Tensor:
    """p x p blocks into channels, numbered (row * p + column) * C + channel."""
    *lead, channels, height, width = frames.shape
    blocks = frames.reshape(-1, channels, height // p, p, width // p, p).permute(0, 3, 5, 1, 2, 4)
    return blocks.reshape(*lead, p * p * channels, height // p, width // p)


def unpatched(frames: Tensor, p: int) -> Tensor:
    *lead, channels, height, width = frames.shape
    blocks = frames.reshape(-1, p, p, channels // p**2, height, width).permute(0, 3, 4, 1, 5, 2)
    return blocks.reshape(*lead, channels // p**2, height * p, width * p)


class OpenStl(nn.Module):
    """Grid: that of the patches where there are LayerNorms, else None."""

    def __init__(self, channels, hidden: list[int], kernel, patch, hidden_state, grid=None):
        super().__init__()
        inputs = [patch**2 * channels, *hidden]
        self.patch = patch
        self.cell_list = nn.ModuleList(
            OpenStlConvLstm(a, b, kernel, grid, hidden_state) for a, b in zip(inputs, hidden, strict=False)
        )
        self.conv_last = conv(hidden[-1], inputs[0], 1, bias=False)

    def step(self, x, states):
        h, states = run(self.cell_list, x, states)
        return self.conv_last(h), states

    def forecast(self, frames, steps):
        return unpatched(closed_loop(self.step, patched(frames, self.patch), steps), self.patch)


class PredRnn(nn.Module):
    """The memory goes up through the cells, and from the top one to the bottom one of the next step."""

    def __init__(self, channels, hidden: int, layers, kernel, patch, grid=None, adapter=False):
        super().__init__()
        values = patch**2 * channels
        self.patch = patch
        self.cell_list = nn.ModuleList(
            SpatiotemporalLstm(values if layer == 0 else hidden, hidden, kernel, grid) for layer in range(layers)
        )
        self.conv_last = conv(hidden, values, 1, bias=False)
        if adapter:  # of the training loss alone
            self.adapter = conv(hidden, hidden, 1, bias=False)

    def step(self, x, carried):
        states, memory = carried or ([None] * len(self.cell_list), zeros(x, self.cell_list[0].hidden))
        following = []
        for cell, state in zip(self.cell_list, states, strict=True):
            x, state, memory = cell(x, state, memory)
            following.append(state)
        return self.conv_last(x), (following, memory)

    def forecast(self, frames, steps):
        return unpatched(closed_loop(self.step, patched(frames, self.patch), steps), self.patch)


class Holmdk(nn.Module):
    """The decoder starts from zero states and is fed the encoder's last h, then its own."""

    def __init__(self, channels, hidden):
        super().__init__()
        self.encoder_1_convlstm = fused(channels, hidden, 3)
        self.encoder_2_convlstm = fused(hidden, hidden, 3)
        self.decoder_1_convlstm = fused(hidden, hidden, 3)
        self.decoder_2_convlstm = fused(hidden, hidden, 3)
        self.decoder_CNN = nn.Conv3d(hidden, 1, (1, 3, 3), padding=(0, 1, 1))

    def forecast(self, frames, steps):
        states = None
        for frame in frames.unbind(1):
            h, states = run([self.encoder_1_convlstm, self.encoder_2_convlstm], frame, states)
        states, hidden = None, []
        for _ in range(steps):
            h, states = run([self.decoder_1_convlstm, self.decoder_2_convlstm], h, states)
            hidden.append(h)
        return torch.sigmoid(self.decoder_CNN(torch.stack(hidden, 2))).transpose(1, 2)


class CnnEncoder(nn.Module):
    """conv, norm, ELU three times, then conv and tanh; the second and the last halve the grid."""

    def __init__(self, channels: list[int]):
        super().__init__()
        layers = []
        for k, (a, b) in enumerate(zip(channels, channels[1:], strict=False)):
            layers += [nn.Conv2d(a, b, 3, stride=1 + k % 2, padding=1), nn.BatchNorm2d(b), nn.ELU()]
        self.cnn_encoder = nn.Sequential(*layers[:-2], nn.Tanh())

    def forward(self, x):
        return self.cnn_encoder(x)


class CnnDecoder(nn.Module):
    def __init__(self, channels: list[int]):
        super().__init__()
        for k, (a, b) in enumerate(zip(channels, channels[1:], strict=False), 1):
            stride = 1 + k % 2
            self.add_module(f"dconv{k}", nn.ConvTranspose2d(a, b, 3, stride, padding=1, output_padding=stride - 1))
            if k < len(channels) - 1:
                self.add_module(f"bn{k}", nn.BatchNorm2d(b))

    def forward(self, x):
        for k in (1, 2, 3):
            x = F.elu(getattr(self, f"bn{k}")(getattr(self, f"dconv{k}")(x)))
        return self.dconv4(x)


class AserdegaPredictor(nn.Module):
    """Four files: two stacks between two CNNs. The decoder is fed the last encoded frame, then its own output."""

    def __init__(self, encoder_cells, decoder_cells, down: list[int], up: list[int]):
        super().__init__()
        self.lstm_encoder = Stack({f"cell_list.{k}": cell for k, cell in enumerate(encoder_cells)})
        self.lstm_decoder = Stack({f"cell_list.{k}": cell for k, cell in enumerate(decoder_cells)})
        self.cnn_encoder = CnnEncoder(down)
        self.cnn_decoder = CnnDecoder(up)

    def forecast(self, frames, steps):
        states = None
        for frame in frames.unbind(1):
            x = self.cnn_encoder(frame)
            _, states = self.lstm_encoder.step(x, states)
        outputs = []
        for _ in range(steps):
            x, states = self.lstm_decoder.step(x, states)
            outputs.append(torch.sigmoid(self.cnn_decoder(x)))
        return torch.stack(outputs, 1)


class Dsip(nn.Module):
    """Blocks of ConvGRU and pixel (un)shuffle. A decoder block starts from the last output of the encoder's block."""

    def __init__(self, channels, blocks, kernel):
        super().__init__()
        sizes = [channels * 4**k for k in range(blocks)]
        for k, size in enumerate(sizes):
            place(self, f"encoder.blocks.{k}.convgru.cell", self.cell(size, kernel))
        for k, size in enumerate(reversed(sizes)):
            place(self, f"decoder.blocks.{k}.convgru.cell", self.cell(4 * size, kernel))

    @staticmethod
    def cell(size, kernel):
        gates, candidate = conv(2 * size, 2 * size, kernel), conv(2 * size, size, kernel)
        return ConvGru(size, size, gates, candidate, "zr", ("combined_gates", "out_gate"))

    def forecast(self, frames, steps, noise=None):
        """Noise: [B,steps,C*4^blocks,H/2^blocks,W/2^blocks], zero where absent."""
        starts = []
        for block in self.encoder.blocks.children():
            outputs, h = [], None
            for frame in frames.unbind(1):
                h = block.convgru.cell(frame, h)[1]
                outputs.append(F.pixel_unshuffle(h, 2))
            frames = torch.stack(outputs, 1)
            starts.append(frames[:, -1])
        frames = starts[-1][:, None].expand(-1, steps, -1, -1, -1) * 0 if noise is None else noise
        for block, h in zip(self.decoder.blocks.children(), reversed(starts), strict=True):
            outputs = []
            for frame in frames.unbind(1):
                h = block.convgru.cell(frame, h)[1]
                outputs.append(F.pixel_shuffle(h, 2))
            frames = torch.stack(outputs, 1)
        return frames


def with_norm(layer: nn.Module, channels: int) -> nn.Sequential:
    return nn.Sequential(layer, nn.BatchNorm2d(channels))


def czifan_cell(inputs, hidden):
    gates = with_norm(conv(inputs + hidden, 4 * hidden, 3, bias=False), 4 * hidden)
    return nn.Sequential(ConvLstm(inputs, hidden, gates, "ifgo", candidate=lambda g: g))


class Czifan(nn.Module):
    """A U of three levels; the encoder's output stands before the decoder's in the channels. One output per frame."""

    def __init__(self, channels, down: list[int], up: list[int]):
        super().__init__()
        skips = [*reversed(down[:-1]), channels]
        encoder, decoder = OrderedDict(), OrderedDict()
        for k, (a, b) in enumerate(zip([channels, *down], down, strict=False)):
            encoder[f"conv_{2 * k}"] = with_norm(nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False), b)
            encoder[f"convlstm_{2 * k + 1}"] = czifan_cell(b, b)
        for k, (a, b, skip) in enumerate(zip([down[-1], *up], up, skips, strict=False)):
            layer = nn.ConvTranspose2d(a, b, 4, stride=2, padding=1, bias=False)
            decoder[f"deconv_{2 * k}"] = with_norm(layer, b)
            decoder[f"convlstm_{2 * k + 1}"] = czifan_cell(skip + b, b)
        decoder[f"conv_{2 * len(up)}"] = with_norm(conv(up[-1], channels, 1, bias=False), channels)
        self.encoder, self.decoder = nn.Sequential(encoder), nn.Sequential(decoder)

    def step(self, x, states):
        states = states or {}
        skips = []
        for name, layer in self.encoder.named_children():
            if name.startswith("convlstm"):
                x, states["encoder." + name] = layer[0](x, states.get("encoder." + name))
            else:
                skips.append(x)
                x = F.leaky_relu(layer(x), 0.01)
        *layers, (_, head) = self.decoder.named_children()
        for name, layer in layers:
            if name.startswith("convlstm"):
                x, states["decoder." + name] = layer[0](x, states.get("decoder." + name))
            else:
                x = torch.cat([skips.pop(), F.leaky_relu(layer(x), 0.01)], 1)
        return torch.sigmoid(head(x)), states

    def forecast(self, frames, steps):
        return per_frame(self.step, frames, steps)


class Silver(nn.Module):
    """After all input frames, the first `steps` of them are fed again and drive the decoder. Values 0..255.

    In train mode, the norms use the statistics of the frame (with a batch of one).
    """

    def __init__(self, hidden, channels, kernel):
        super().__init__()
        half = hidden // 2
        self.enc1, self.enc2, self.dec1, self.dec2 = (fused(hidden, hidden, kernel) for _ in range(4))
        self.conv1 = with_norm(conv(channels, half, kernel), half)
        self.conv2 = with_norm(conv(half, hidden, kernel), hidden)
        self.deconv1 = with_norm(conv(hidden, half, kernel), half)
        self.deconv2 = nn.Sequential(conv(half, channels, kernel))

    def encode(self, frame, states):
        first = F.gelu(self.conv1(frame))
        second = F.gelu(self.conv2(first))
        h, states = run([self.enc1, self.enc2], second, states)
        return first, second, h, states

    def forecast(self, frames, steps):
        encoder, decoder, outputs = None, None, []
        for frame in frames.unbind(1):
            *_, encoder = self.encode(frame, encoder)
        for frame in frames[:, :steps].unbind(1):
            first, second, h, encoder = self.encode(frame, encoder)
            h, decoder = run([self.dec1, self.dec2], h, decoder)
            upper = F.gelu(self.deconv1(h + second))
            outputs.append(255 * torch.sigmoid(10 * torch.tanh(self.deconv2(upper + first))))
        return torch.stack(outputs, 1)
