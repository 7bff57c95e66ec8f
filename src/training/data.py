"""Radar events: reading, splitting, cutting and augmenting training windows.

An event is a .npz file with `frames` uint8 [T,H,W] and `times` int64 [T] (seconds since 1970, constant step).
Pixel values: 255 = no data, 0 = no echo, v = 1..254 is v / 2 - 32 dBZ, with Z = 200 R^1.6 (R in mm/h).
"""

import dataclasses
import pathlib
from typing import Dict, List, Sequence, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

MAX_DBZ = 60.0   # scaled reflectivity 1
MIN_DBZ = 5.0    # weaker echoes count as dry
FLOOR = MIN_DBZ / MAX_DBZ
NO_DATA = 255
COMMON_INTERVALS = (0.75, 1.25)   # frames this far from the wanted interval may still be used, with a zoom


def dbz_to_rate(dbz):
    """dBZ to mm/h, Z = 200 R^1.6."""
    return (10.0 ** (np.asarray(dbz) / 10.0) / 200.0) ** (1 / 1.6)


def rate_to_scaled(rate):
    """mm/h to scaled reflectivity (1 = 60 dBZ)."""
    return 10.0 * np.log10(200.0 * np.asarray(rate) ** 1.6) / MAX_DBZ


def scaled_to_rate(scaled):
    """Scaled reflectivity to mm/h; under 5 dBZ it is dry."""
    scaled = np.asarray(scaled)
    return np.where(scaled < FLOOR, 0.0, dbz_to_rate(scaled * MAX_DBZ)).astype(np.float32)


def scaling_table() -> np.ndarray:
    """float32 [256]: pixel value to scaled reflectivity, no data and under 5 dBZ = 0."""
    dbz = np.arange(256) / 2.0 - 32.0
    table = np.where(dbz < MIN_DBZ, 0.0, np.clip(dbz, 0, MAX_DBZ) / MAX_DBZ)
    table[[0, NO_DATA]] = 0.0
    return table.astype(np.float32)


TABLE = scaling_table()
WET = int(np.argmax(TABLE >= rate_to_scaled(0.5)))   # smallest pixel value of at least 0.5 mm/h


def encode(frames: np.ndarray) -> np.ndarray:
    """uint8 [T,H,W] to network input float32 [T,2,H,W]: scaled reflectivity and valid-data mask."""
    return np.stack([TABLE[frames], (frames != NO_DATA).astype(np.float32)], axis=1)


@dataclasses.dataclass
class Event:
    """Consecutive frames uint8 [T,H,W] with a constant step in seconds."""

    name: str
    frames: np.ndarray
    step: int

    def part(self, start: int, stop: int) -> "Event":
        return Event(self.name, self.frames[start:stop], self.step)


def load_event(path: pathlib.Path) -> Event:
    with np.load(path, allow_pickle=False) as archive:
        frames, times = archive["frames"], archive["times"]
    steps = np.unique(np.diff(times))
    if frames.dtype != np.uint8 or frames.ndim != 3 or len(steps) != 1:
        raise ValueError(f"{path}: needs uint8 frames [T,H,W] at a constant step, "
                         f"has {frames.dtype} {frames.shape}, steps {steps.tolist()} s")
    return Event(path.stem, frames, int(steps[0]))


def parse_part(text: str) -> Tuple[str, int]:
    """"NAME" or "NAME:N" (its last N frames) to (name, N), N = 0 for the whole event."""
    name, _, count = text.partition(":")
    return name, int(count) if count else 0


def split_events(folder: pathlib.Path, *parts: Sequence[str]) -> Tuple[List[Event], ...]:
    """Take parts out of the events of a folder.

    Each of `parts` is a list of "NAME" or "NAME:N" (the last N frames); a name is the beginning of a file name.
    Returns what is left, then the events of each list. No frame is in two of them.
    """
    left = {event.name: event for event in map(load_event, sorted(folder.glob("*.npz")))}
    if not left:
        raise FileNotFoundError(f"no .npz events in {folder}")
    taken: List[List[Event]] = []
    for wanted in parts:
        taken.append([])
        for name, count in map(parse_part, wanted):
            matches = [key for key in left if key.startswith(name)]
            if len(matches) != 1:
                raise ValueError(f"{name!r} names {len(matches)} of the events {sorted(left)}")
            event = left.pop(matches[0])
            border = len(event.frames) - count if count else 0
            taken[-1].append(event.part(border, len(event.frames)))
            if border > 0:
                left[event.name] = event.part(0, border)
    return (list(left.values()), *taken)


@dataclasses.dataclass
class Series:
    """A way through an event: every stride-th frame; `zoom` makes its motion in pixels fit the wanted interval."""

    event: Event
    stride: int
    zoom: float

    def starts(self, frames: int) -> int:
        """How many windows of so many frames it has."""
        return max(0, len(self.event.frames) - (frames - 1) * self.stride)


def series_of(events: Sequence[Event], interval: int) -> List[Series]:
    """All series whose interval is near the wanted one (seconds)."""
    low, high = COMMON_INTERVALS
    result = []
    for event in events:
        for stride in range(1, 1 + int(high * interval // event.step)):
            if low * interval <= stride * event.step <= high * interval:
                result.append(Series(event, stride, interval / (stride * event.step)))
    return result


@dataclasses.dataclass
class Augmentation:
    """Chances and ranges. `drift` (pixels per frame) lets the crop move, which adds a uniform wind."""

    zoom: float = 0.3
    zoom_range: Tuple[float, float] = (0.8, 1.25)
    reverse: float = 0.25
    drift_chance: float = 0.5
    drift: float = 2.0
    partial: float = 0.25   # chance of a window with fewer target frames
    gap: float = 0.1   # chance that one input frame is missing entirely


class Sampler:
    """Draws batches of augmented training windows at rainy places."""

    def __init__(self, series: Sequence[Series], history: int, seed: int, augmentation: Augmentation = Augmentation(),
                 shortest: int = 6):
        self.history, self.shortest, self.augmentation = history, shortest, augmentation
        self.series = [s for s in series if s.starts(history + shortest)]
        if not self.series:
            raise ValueError(f"no event has {history + shortest} frames")
        rain = np.array([np.sqrt(self._wet(s.event.frames).mean(axis=0).sum()) for s in self.series])
        shared = np.array([sum(other.event is s.event for other in self.series) for s in self.series])
        self.weights = rain / shared / (rain / shared).sum()
        self.random = np.random.default_rng(seed)

    def batch(self, size: int, crop: int, leads: int) -> Tensor:
        """float32 [size, history + leads, 2, crop, crop]; frames beyond the end of an event are missing (mask 0)."""
        return torch.stack([self._sample(crop, leads) for _ in range(size)])

    def _sample(self, crop: int, leads: int) -> Tensor:
        random, aug = self.random, self.augmentation
        series = self.series[random.choice(len(self.series), p=self.weights)]
        frames, stride = series.event.frames, series.stride
        wanted = self.history + leads
        length = self._length(series, wanted)
        start = random.integers(series.starts(length))
        indices = start + stride * np.arange(length)
        if random.random() < aug.reverse:
            indices = indices[::-1]
        zoom = series.zoom
        if random.random() < aug.zoom:
            zoom *= random.uniform(*aug.zoom_range)
        cut = self._cut(frames, indices, max(16, round(crop / zoom)))
        cut = self._turn(cut)
        window = torch.from_numpy(encode(cut))
        if window.shape[-1] != crop:
            window = resize(window, crop)
        if random.random() < aug.gap:
            window[random.integers(self.history - 1)] = 0
        return F.pad(window, (0, 0, 0, 0, 0, 0, 0, wanted - length))

    def _length(self, series: Series, wanted: int) -> int:
        """Frames of the next window: as many as wanted, or by chance fewer, which a short event has more of."""
        shortest = min(wanted, self.history + self.shortest)
        longest = max(n for n in range(shortest, wanted + 1) if series.starts(n))
        if self.random.random() < self.augmentation.partial:
            return int(self.random.integers(shortest, longest + 1))
        return longest

    def _cut(self, frames: np.ndarray, indices: np.ndarray, size: int) -> np.ndarray:
        """uint8 [len(indices),size,size] at the rainiest of a few random places, drifting by chance."""
        random, aug = self.random, self.augmentation
        drift = np.zeros(2)
        if random.random() < aug.drift_chance:
            drift = random.normal(0, aug.drift, 2)
        offsets = np.round(np.arange(len(indices))[:, None] * drift).astype(int)
        offsets -= offsets.min(axis=0)
        room = np.array(frames.shape[1:]) - size - offsets.max(axis=0)
        if (room < 0).any():   # the event is too small for this drift or crop
            offsets[:] = 0
            room = np.array(frames.shape[1:]) - size
        pad = np.maximum(0, -room)
        places = [random.integers(0, np.maximum(room, 0) + 1) for _ in range(4)]

        def cut_at(place: np.ndarray, i: int) -> np.ndarray:
            y, x = place + offsets[i]
            piece = frames[indices[i], y:y + size, x:x + size]
            return np.pad(piece, ((0, pad[0]), (0, pad[1])), constant_values=NO_DATA)

        rain = np.array([self._wet(cut_at(place, self.history - 1)).mean() for place in places]) + 1e-3
        place = places[random.choice(len(places), p=rain / rain.sum())]
        return np.stack([cut_at(place, i) for i in range(len(indices))])

    def _turn(self, cut: np.ndarray) -> np.ndarray:
        cut = np.rot90(cut, self.random.integers(4), axes=(1, 2))
        return np.ascontiguousarray(cut[:, :, ::-1] if self.random.random() < 0.5 else cut)

    @staticmethod
    def _wet(frames: np.ndarray) -> np.ndarray:
        return (frames >= WET) & (frames != NO_DATA)

    def state(self) -> Dict:
        return self.random.bit_generator.state

    def restore(self, state: Dict) -> None:
        self.random.bit_generator.state = state


def resize(window: Tensor, size: int) -> Tensor:
    """Bilinear resize of [T,2,h,w] to [T,2,size,size]; a pixel touched by missing data becomes missing."""
    window = F.interpolate(window, (size, size), mode="bilinear", align_corners=False)
    rain, mask = window.unbind(1)
    mask = (mask > 0.999).float()
    return torch.stack([torch.where(rain < FLOOR, 0.0, rain) * mask, mask], dim=1)
