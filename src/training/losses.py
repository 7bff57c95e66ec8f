"""What training minimises. All fields are scaled reflectivity (1 = 60 dBZ) [B,S,1,H,W]."""

from typing import Dict

import torch
import torch.nn.functional as F
from torch import Tensor

from data import FLOOR, rate_to_scaled

RATES = (0.5, 1.0, 5.0, 10.0)            # mm/h, borders of the weight classes
WEIGHTS = (1.0, 1.5, 2.5, 4.0, 5.0)      # weight of each class
EVENT_RATES = (0.5, 1.0, 5.0)            # mm/h, thresholds of the soft CSI
SOFTNESS = 0.04                          # scaled reflectivity over which an event fades in
SCALES = (2, 4, 8)                       # pixels, of the pooled error


def rate_weights(target: Tensor) -> Tensor:
    """A weight per pixel, growing with the rain rate."""
    borders = torch.tensor([float(rate_to_scaled(rate)) for rate in RATES], dtype=target.dtype)
    return torch.tensor(WEIGHTS, dtype=target.dtype)[torch.bucketize(target.contiguous(), borders, right=True)]


def weighted_error(forecast: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean absolute error; where it is dry, a forecast under the floor is free."""
    error = torch.where(target < FLOOR, F.relu(forecast - FLOOR), (forecast - target).abs())
    return (error * weights).sum() / weights.sum().clamp_min(1)


def pooled_error(forecast: Tensor, target: Tensor, valid: Tensor, weights: Tensor, size: int) -> Tensor:
    """Weighted mean absolute error of averages over size x size pixels; it pulls from further away than a pixel."""
    fields = torch.cat([forecast * valid, target * valid, weights, valid], dim=2).flatten(0, 1)
    forecast, target, weights, valid = F.avg_pool2d(fields, size).split(1, dim=1)
    error = (forecast - target).abs() / valid.clamp_min(1e-3)
    return (error * weights).sum() / weights.sum().clamp_min(1)


def soft_csi_loss(forecast: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """1 - critical success index with soft events, the mean over thresholds and lead times."""
    losses = []
    dims = (0, 2, 3, 4)
    for rate in EVENT_RATES:
        threshold = float(rate_to_scaled(rate))
        observed = (target >= threshold) * valid
        expected = torch.sigmoid((forecast - threshold) / SOFTNESS) * valid
        hits = (expected * observed).sum(dims)
        union = (expected + observed).sum(dims) - hits
        losses.append((1 - (hits + 1) / (union + 1)).mean())
    return torch.stack(losses).mean()


def roughness(increment: Tensor) -> Tensor:
    """Mean squared difference between neighbours of the motion increment [B,S,2,h,w]."""
    return (increment.diff(dim=-1) ** 2).mean() + (increment.diff(dim=-2) ** 2).mean()


def objective(parts: Dict[str, Tensor], target: Tensor, mask: Tensor, csi_weight: float, carried_weight: float,
              smoothness: float) -> Dict[str, Tensor]:
    """The terms of the loss and their "total".

    parts: the network's output; target, mask [B,S,1,H,W]. Only pixels count that are observed and whose origin
    is known. The terms on the frame carried without residual make motion explain what it can.
    """
    valid = mask * (parts["known"] > 0.99)
    weights = rate_weights(target) * valid
    terms = {}
    for name, forecast in (("frames", parts["frames"]), ("carried", parts["carried"])):
        terms[name] = weighted_error(forecast, target, weights)
        for size in SCALES:
            terms[f"{name}_{size}"] = pooled_error(forecast, target, valid, weights, size)
    terms["csi"] = soft_csi_loss(parts["frames"], target, valid)
    terms["rough"] = roughness(parts["increment"])
    share = {"csi": csi_weight, "rough": smoothness}
    total = 0.0
    for name, term in terms.items():
        if name in share:
            total = total + share[name] * term
        else:
            total = total + (carried_weight if name.startswith("carried") else 1.0) * term
    return {**terms, "total": total}
