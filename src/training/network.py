"""The radar ConvGRU: an encoder-forecaster with an advection read-out.

The network does not paint rain. For every lead time it predicts a motion increment and a growth/decay
residual; the forecast is the last observed frame, transported along the accumulated displacement. With
the read-out at zero it is persistence, which is where training starts.

Shapes: B samples, T input frames, S lead times, H x W pixels (multiples of 16).
"""

from typing import Dict, List, Optional, Sequence, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PATCH = 4            # space-to-depth factor of stem and read-out
INPUT_CHANNELS = 2   # scaled reflectivity, valid-data mask
SLOPE = 0.2          # of every leaky ReLU
RESIDUAL_FRAMES = ("source", "target")


class ConvGru(nn.Module):
    """Convolutional GRU, reset after the hidden convolution; gate order r, z, n as in torch.nn.GRU.

    r = sigmoid(i_r + h_r), z = sigmoid(i_z + h_z), n = tanh(i_n + r * h_n), h' = (1 - z) * n + z * h,
    where i = input(x) (zero for a cell without input) and h = hidden(h).
    """

    def __init__(self, channels: int, with_input: bool = True):
        super().__init__()
        self.input = nn.Conv2d(channels, 3 * channels, 3, padding=1) if with_input else None
        self.hidden = nn.Conv2d(channels, 3 * channels, 3, padding=1)

    def forward(self, inputs: Optional[Tensor], state: Tensor, steps: int) -> Tuple[Tensor, Tensor]:
        """Run `steps` steps from `state` [B,C,h,w]; inputs [steps*B,C,h,w], time-major, or None.

        Returns all states [steps*B,C,h,w] and the last one [B,C,h,w].
        """
        gates: Sequence[Optional[Tensor]] = [None] * steps
        if self.input is not None:
            gates = self.input(inputs).chunk(steps)
        states: List[Tensor] = []
        for gate in gates:
            state = self._step(gate, state)
            states.append(state)
        return torch.cat(states), state

    def _step(self, gate: Optional[Tensor], state: Tensor) -> Tensor:
        h_r, h_z, h_n = self.hidden(state).chunk(3, dim=1)
        if gate is None:
            reset, update, new = torch.sigmoid(h_r), torch.sigmoid(h_z), h_n
            candidate = torch.tanh(reset * new)
        else:
            i_r, i_z, i_n = gate.chunk(3, dim=1)
            reset, update = torch.sigmoid(i_r + h_r), torch.sigmoid(i_z + h_z)
            candidate = torch.tanh(i_n + reset * h_n)
        return candidate + update * (state - candidate)


class EncoderStage(nn.Module):
    """Convolution, leaky ReLU, ConvGRU."""

    def __init__(self, channels_in: int, channels: int, stride: int):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels, 3, stride=stride, padding=1)
        self.gru = ConvGru(channels)

    def forward(self, x: Tensor, steps: int) -> Tuple[Tensor, Tensor]:
        x = F.leaky_relu(self.conv(x), SLOPE)
        batch, channels, height, width = x.shape
        state = x.new_zeros(batch // steps, channels, height, width)
        return self.gru(x, state.contiguous(memory_format=torch.channels_last), steps)


class ForecasterStage(nn.Module):
    """ConvGRU that starts from the encoder's state, then (not at the finest stage) an up-convolution."""

    def __init__(self, channels: int, channels_out: Optional[int], with_input: bool):
        super().__init__()
        self.gru = ConvGru(channels, with_input)
        self.up = None
        if channels_out is not None:
            self.up = nn.ConvTranspose2d(channels, channels_out, 4, stride=2, padding=1)

    def forward(self, x: Optional[Tensor], state: Tensor, steps: int) -> Tensor:
        x, _ = self.gru(x, state, steps)
        return x if self.up is None else F.leaky_relu(self.up(x), SLOPE)


class Stages(nn.Module):
    """Holds stages under the key `stages`, index 0 the finest."""

    def __init__(self, stages: Sequence[nn.Module]):
        super().__init__()
        self.stages = nn.ModuleList(stages)


class Readout(nn.Module):
    """Features [N,C,h,w] to motion increment [N,2,h,w] (pixels: dx, dy) and residual [N,1,4h,4w]."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.head = nn.Conv2d(channels, 2 + PATCH * PATCH, 1)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        x = self.head(F.leaky_relu(self.conv(x), SLOPE))
        return x[:, :2], F.pixel_shuffle(x[:, 2:], PATCH)


class RadarConvGru(nn.Module):
    """Encoder-forecaster at 1/4, 1/8, 1/16 of the resolution; see the module's text.

    residual_frame: "source" adds the residual to the last frame before transport (growth and decay travel
    with the rain), "target" adds it after.
    """

    def __init__(self, channels: Sequence[int] = (48, 64, 64), residual_frame: str = "source"):
        super().__init__()
        if residual_frame not in RESIDUAL_FRAMES:
            raise ValueError(f"residual_frame must be one of {RESIDUAL_FRAMES}, not {residual_frame!r}")
        c0, c1, c2 = channels
        self.residual_frame = residual_frame
        self.encoder = Stages([
            EncoderStage(INPUT_CHANNELS * PATCH * PATCH, c0, 1),
            EncoderStage(c0, c1, 2),
            EncoderStage(c1, c2, 2)])
        self.forecaster = Stages([
            ForecasterStage(c0, None, True),
            ForecasterStage(c1, c0, True),
            ForecasterStage(c2, c1, False)])
        self.readout = Readout(c0)

    def forward(self, x: Tensor, steps: int = 12) -> Dict[str, Tensor]:
        """x [B,T,2,H,W] -> "frames" [B,S,1,H,W] in 0..1, and what it was made of:

        "displacement" [B,S,2,H,W] in pixels, "increment" [B,S,2,H/4,W/4], "residual" [B,S,1,H,W], "carried"
        [B,S,1,H,W], the transported frame without residual, and "known" [B,S,1,H,W], the share of valid data
        (0..1) at the place where each pixel comes from.
        """
        batch = x.shape[0]
        increment, residual = self.readout(self._features(x, steps))
        displacement = torch.stack(increment.chunk(steps)).cumsum(0).flatten(0, 1)
        displacement = F.interpolate(displacement, scale_factor=PATCH, mode="bilinear", align_corners=False)
        rain, mask = x.unbind(1)[-1].repeat(steps, 1, 1, 1).split(1, dim=1)
        before = residual if self.residual_frame == "source" else torch.zeros_like(residual)
        image = torch.cat([rain + before, rain, mask], 1)
        frames, carried, known = transport(image, displacement).split(1, dim=1)
        if self.residual_frame == "target":
            frames = frames + residual
        parts = {"frames": frames.clamp(0, 1), "carried": carried, "known": known.detach(),
                 "displacement": displacement, "increment": increment, "residual": residual}
        return {name: part.unflatten(0, (steps, batch)).transpose(0, 1) for name, part in parts.items()}

    def _features(self, x: Tensor, steps: int) -> Tensor:
        """[B,T,2,H,W] -> [S*B,C0,H/4,W/4], time-major; works layer by layer so that convolutions see all times."""
        frames = x.shape[1]
        x = F.pixel_unshuffle(x.transpose(0, 1).flatten(0, 1), PATCH)
        x = x.contiguous(memory_format=torch.channels_last)
        finals: List[Tensor] = []
        for stage in self.encoder.stages:
            x, final = stage(x, frames)
            finals.append(final)
        features: Optional[Tensor] = None
        for stage, final in zip(reversed(self.forecaster.stages), reversed(finals)):
            features = stage(features, final, steps)
        return features


def transport(image: Tensor, displacement: Tensor) -> Tensor:
    """Bilinear sample of image [N,C,H,W] at (x + dx, y + dy), zero outside; displacement [N,2,H,W] in pixels."""
    height, width = image.shape[-2:]
    xs = torch.arange(width, dtype=image.dtype, device=image.device)
    ys = torch.arange(height, dtype=image.dtype, device=image.device).unsqueeze(1)
    dx, dy = displacement.unbind(1)
    grid = torch.stack([(2 * (xs + dx) + 1) / width - 1, (2 * (ys + dy) + 1) / height - 1], dim=-1)
    return F.grid_sample(image, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def initialise(network: RadarConvGru) -> None:
    """Start as persistence: a small read-out, everything else as PyTorch sets it."""
    nn.init.normal_(network.readout.head.weight, std=1e-3)
    nn.init.zeros_(network.readout.head.bias)


def plain_weights(network: RadarConvGru) -> Dict[str, Tensor]:
    """The state dict as contiguous float32 copies, as every reader of state dicts expects it."""
    return {name: tensor.detach().float().clone(memory_format=torch.contiguous_format)
            for name, tensor in network.state_dict().items()}


def channels_of(weights: Dict[str, Tensor]) -> Tuple[int, int, int]:
    """The channel counts of a state dict."""
    return tuple(weights[f"encoder.stages.{i}.conv.weight"].shape[0] for i in range(3))


def load_network(weights: Dict[str, Tensor], residual_frame: str = "source") -> RadarConvGru:
    """The network of a state dict, ready to forecast."""
    network = RadarConvGru(channels_of(weights), residual_frame)
    network.load_state_dict(weights)
    return network.eval()
