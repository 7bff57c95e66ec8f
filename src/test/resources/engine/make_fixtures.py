"""Writes the models and expected outputs of the engine's tests, with PyTorch's own arithmetic.

Run from this folder: python make_fixtures.py  (needs torch, numpy, safetensors)

Every tensor is drawn anew, so that none is zero or one by accident, with gains at which the forecast varies with the input
and moves by a few pixels. `source` and `target` are the two forms of the advection read-out (src/training/network.py);
`scripted` and `traced` are TorchScript modules as their owners export them; `greedy` runs out of memory.
"""

import pathlib
import sys
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "training"))
from network import RadarConvGru  # noqa: E402

STEPS = 12


def save(folder: str, frames: Tensor, forecast: Tensor) -> None:
    np.save(HERE / folder / "input.npy", frames.numpy())
    np.save(HERE / folder / "expected.npy", forecast.numpy())


def radar_frames(batch: int, length: int, height: int, width: int) -> Tensor:
    """Smooth blobs in 0..1 that drift, and a mask with a missing corner."""
    noise = torch.randn(batch, 1, height // 8, width // 8)
    rain = nn.functional.interpolate(noise, size=(height, width), mode="bicubic").clamp(0, 1)
    frames = torch.stack([rain.roll((t, 2 * t), (2, 3)) for t in range(length)], 1)
    mask = torch.ones_like(frames)
    mask[..., :5, :9] = 0
    return torch.cat([frames * mask, mask], 2)


def randomise(network: nn.Module) -> None:
    for name, tensor in network.named_parameters():
        if tensor.ndim == 4:
            nn.init.normal_(tensor, std=1.4 / np.sqrt(tensor[0].numel()))
        else:
            nn.init.normal_(tensor, std=0.2)


class Drift(nn.Module):
    """A self-written nowcaster: a recurrent blend and a convolution, any grid and number of steps."""

    def __init__(self):
        super().__init__()
        self.blend = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, frames: Tensor, steps: int) -> Tensor:
        state = frames[:, 0]
        for t in range(frames.shape[1]):
            state = torch.sigmoid(self.blend(torch.cat([frames[:, t], state], 1)))
        answer = []
        for _ in range(steps):
            state = torch.sigmoid(self.blend(torch.cat([state, state * state], 1)))
            answer.append(state)
        return torch.stack(answer, 1)


class FixedDrift(nn.Module):
    def __init__(self, drift: Drift):
        super().__init__()
        self.drift = drift

    def forward(self, frames: Tensor) -> Tensor:
        return self.drift(frames, 4)


class Greedy(nn.Module):
    """Asks for more memory than any machine has when more than one step is wanted."""

    def forward(self, frames: Tensor, steps: int) -> Tensor:
        if steps > 1:
            return torch.zeros([1 << 60])
        return frames[:, -1:]


def drop_debug_entries(path: pathlib.Path) -> None:
    """They name the paths of the machine that wrote the program."""
    with zipfile.ZipFile(path) as source:
        kept = [(entry, source.read(entry)) for entry in source.infolist() if not entry.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as target:
        for entry, content in kept:
            target.writestr(entry, content)


def main() -> None:
    torch.manual_seed(20260)
    for residual in ("source", "target"):
        network = RadarConvGru((4, 6, 8), residual).eval()
        randomise(network)
        frames = radar_frames(2, 5, 32, 48)
        with torch.inference_mode():
            save(residual, frames, network(frames, STEPS)["frames"])
        torch.save(network.state_dict(), HERE / residual / "weights.pth")
    save_file(network.state_dict(), HERE / "target" / "weights.safetensors")

    drift = Drift().eval()
    frames = torch.rand(2, 3, 1, 12, 20)
    with torch.inference_mode():
        save("scripted", frames, drift(frames, 7))
        save("traced", frames, drift(frames, 4))
    torch.jit.script(drift).save(HERE / "scripted" / "weights.pt")
    torch.jit.trace(FixedDrift(drift), frames).save(HERE / "traced" / "weights.pt")
    torch.jit.script(Greedy()).save(HERE / "greedy" / "weights.pt")
    for name in ("scripted", "traced", "greedy"):
        drop_debug_entries(HERE / name / "weights.pt")


if __name__ == "__main__":
    for name in ("source", "target", "scripted", "traced", "greedy"):
        (HERE / name).mkdir(exist_ok=True)
    main()
