"""Forecasting whole events and scoring them against persistence. Fields are mm/h, NaN = no data."""

import collections
from typing import Callable, Dict, Iterator, List, Sequence, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from scipy.ndimage import uniform_filter
from torch import Tensor

from data import NO_DATA, Event, encode, scaled_to_rate

RATES = (0.5, 1.0, 5.0)   # mm/h, event thresholds: rain rate >= threshold
FSS_RATE, FSS_SIZE = 1.0, 9   # mm/h, pixels
GRID = 16


def pad_to_grid(frames: Tensor) -> Tensor:
    """[...,H,W] padded with zeros (missing) below and right to multiples of 16."""
    height, width = frames.shape[-2:]
    return F.pad(frames, (0, -width % GRID, 0, -height % GRID))


@torch.no_grad()
def forecast(network: torch.nn.Module, frames: np.ndarray, leads: int) -> np.ndarray:
    """Input frames uint8 [T,H,W] to scaled reflectivity float32 [S,H,W]."""
    inputs = pad_to_grid(torch.from_numpy(encode(frames)))
    height, width = frames.shape[-2:]
    return network(inputs[None], leads)["frames"][0, :, 0, :height, :width].numpy()


def rates(frames: np.ndarray) -> np.ndarray:
    """uint8 frames to mm/h, NaN = no data."""
    return np.where(frames == NO_DATA, np.nan, scaled_to_rate(encode(frames)[:, 0]))


def windows(event: Event, history: int, leads: int, every: int = 1) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
    """Pairs (input frames [T,H,W], target frames [S,H,W]); S is smaller where the event is shorter than a window."""
    leads = min(leads, len(event.frames) - history)
    for start in range(0, len(event.frames) - history - leads + 1, every):
        middle = start + history
        yield event.frames[start:middle], event.frames[middle:middle + leads]


class Tally:
    """Sums of one method over all windows of an event, per lead time."""

    def __init__(self):
        self.sums: Dict[int, collections.Counter] = collections.defaultdict(collections.Counter)

    def add(self, lead: int, forecast_rate: np.ndarray, observed: np.ndarray) -> None:
        """Fields [H,W] of mm/h; only pixels that are finite in both count."""
        sums, both = self.sums[lead], np.isfinite(forecast_rate) & np.isfinite(observed)
        sums["pixels"] += int(both.sum())
        sums["error"] += float(np.abs(forecast_rate[both] - observed[both]).sum(dtype=np.float64))
        for rate in RATES:
            yes, seen = (forecast_rate >= rate) & both, (observed >= rate) & both
            sums["hits", rate] += int((yes & seen).sum())
            sums["forecast", rate] += int(yes.sum())
            sums["observed", rate] += int(seen.sum())
        near, seen = (uniform_filter(((field >= FSS_RATE) & both).astype(np.float32), FSS_SIZE, mode="constant")[both]
                      for field in (forecast_rate, observed))
        sums["fss_error"] += float(((near - seen) ** 2).sum(dtype=np.float64))
        sums["fss_worst"] += float((near ** 2 + seen ** 2).sum(dtype=np.float64))

    def scores(self, lead: int) -> Dict[str, float]:
        """csi_R, bias_R (R in mm/h), mae (mm/h), fss; NaN where undefined."""
        sums = self.sums[lead]
        ratio = lambda a, b: a / b if b else float("nan")
        result = {"mae": ratio(sums["error"], sums["pixels"]), "fss": 1 - ratio(sums["fss_error"], sums["fss_worst"])}
        for rate in RATES:
            hits, yes, seen = (sums[name, rate] for name in ("hits", "forecast", "observed"))
            result[f"csi_{rate:g}"] = ratio(hits, yes + seen - hits)
            result[f"bias_{rate:g}"] = ratio(yes, seen)
        return result


Method = Callable[[np.ndarray, int], np.ndarray]   # (input frames uint8, lead times) -> mm/h [S,H,W], NaN = no data


def persistence(frames: np.ndarray, leads: int) -> np.ndarray:
    return np.repeat(rates(frames[-1:]), leads, axis=0)


def network_method(network: torch.nn.Module) -> Method:
    """Forecasts of the network; no data where the last frame has none, so that all methods share their pixels."""
    def method(frames: np.ndarray, leads: int) -> np.ndarray:
        return np.where(frames[-1] == NO_DATA, np.nan, scaled_to_rate(forecast(network, frames, leads)))
    return method


def score_event(event: Event, methods: Dict[str, Method], history: int, leads: int, every: int = 1,
                at: Sequence[int] = ()) -> Dict[str, Tally]:
    """Tallies of each method over the windows of an event, at the lead times `at` (1 = the next frame; default all)."""
    tallies: Dict[str, Tally] = {name: Tally() for name in methods}
    for inputs, targets in windows(event, history, leads, every):
        observed = rates(targets)
        for name, method in methods.items():
            predicted = method(inputs, len(targets))
            for lead in at or range(1, len(targets) + 1):
                if lead <= len(targets):
                    tallies[name].add(lead, predicted[lead - 1], observed[lead - 1])
    return tallies


def mean_scores(rows: List[Dict[str, float]]) -> Dict[str, float]:
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
