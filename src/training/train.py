"""Train the radar ConvGRU.

    python train.py --data EVENTS --out RUN --hold-out NAME NAME:20 --validate NAME

writes into RUN: checkpoint.pth (everything to go on with --resume), weights.pth (the averaged weights),
history.json and loss.png.
"""

import argparse
import copy
import dataclasses
import json
import math
import pathlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

import plots
import scores
from data import Sampler, series_of, split_events
from losses import objective
from network import RESIDUAL_FRAMES, RadarConvGru, initialise, load_network, plain_weights


@dataclasses.dataclass(frozen=True)
class Phase:
    """Until this share of the run: crop size in pixels, samples per step, lead times."""

    until: float
    crop: int
    batch: int
    leads: int


def parse_phase(text: str) -> Phase:
    until, crop, batch, leads = text.split(":")
    phase = Phase(float(until), int(crop), int(batch), int(leads))
    if phase.crop % 16:
        raise argparse.ArgumentTypeError(f"crop {phase.crop} is not a multiple of 16")
    return phase


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--data", type=pathlib.Path, required=True, help="folder of .npz events")
    add("--out", type=pathlib.Path, required=True, help="folder of this run")
    add("--hold-out", nargs="*", default=[], metavar="NAME[:N]",
        help="events (or their last N frames) left for evaluate.py")
    add("--validate", nargs="*", default=[], metavar="NAME[:N]",
        help="events (or their last N frames) watched during training")
    add("--interval", type=int, default=300, help="seconds between frames (default %(default)s)")
    add("--history", type=int, default=5, help="input frames (default %(default)s)")
    add("--channels", type=int, nargs=3, default=(48, 64, 64), help="at 1/4, 1/8, 1/16 (default 48 64 64)")
    add("--residual-frame", choices=RESIDUAL_FRAMES, default=RESIDUAL_FRAMES[0], help="see network.py (default %(default)s)")
    add("--steps", type=int, default=3000, help="optimiser steps (default %(default)s)")
    add("--minutes", type=float, help="let the schedule follow the clock instead of --steps")
    add("--phases", type=parse_phase, nargs="+", metavar="UNTIL:CROP:BATCH:LEADS",
        default=[Phase(0.4, 128, 8, 6), Phase(1.0, 160, 8, 12)], help="default 0.4:128:8:6 1:160:8:12")
    add("--rate", type=float, default=1.5e-3, help="peak learning rate (default %(default)s)")
    add("--warm-up", type=int, default=100, help="steps (default %(default)s)")
    add("--average", type=float, default=0.998, help="decay of the weight average (default %(default)s)")
    add("--csi-weight", type=float, default=0.05, help="of the soft CSI term (default %(default)s)")
    add("--carried-weight", type=float, default=0.5, help="of the terms without residual (default %(default)s)")
    add("--smoothness", type=float, default=0.02, help="of the motion (default %(default)s)")
    add("--seed", type=int, default=1)
    add("--workers", type=int, default=2, help="threads that share a batch, one CPU core each (default %(default)s)")
    add("--validate-every", type=int, default=200, help="steps (default %(default)s)")
    add("--save-every", type=int, default=100, help="steps (default %(default)s)")
    add("--resume", action="store_true", help="go on from RUN/checkpoint.pth")
    add("--initial", type=pathlib.Path, help="weights to start from (fine-tuning)")
    return parser.parse_args()


class Run:
    """The state of a training run, which a checkpoint holds."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        train, _, self.validation = split_events(options.data, options.hold_out, options.validate)
        self.sampler = Sampler(series_of(train, options.interval), options.history, options.seed)
        self.network = self.new_network()
        self.network.to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=options.rate, weight_decay=1e-4, betas=(0.9, 0.98))
        self.workers = ThreadPoolExecutor(options.workers)
        self.step, self.seconds = 0, 0.0
        self.history: List[Dict] = []

    def new_network(self) -> RadarConvGru:
        options = self.options
        if options.initial:
            return load_network(torch.load(options.initial, weights_only=True), options.residual_frame).train()
        network = RadarConvGru(options.channels, options.residual_frame)
        initialise(network)
        return network

    def progress(self) -> float:
        """Share of the run that is done, 0..1."""
        if self.options.minutes:
            return min(1.0, self.seconds / (60 * self.options.minutes))
        return self.step / self.options.steps

    def phase(self) -> Phase:
        return next((p for p in self.options.phases if self.progress() < p.until), self.options.phases[-1])

    def learning_rate(self) -> float:
        warm = min(1.0, (self.step + 1) / self.options.warm_up)
        return self.options.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * self.progress())))

    def train_step(self) -> Dict[str, float]:
        """One optimiser step; the batch is shared out among the workers. Returns the mean loss terms."""
        phase = self.phase()
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate()
        shares = self.sampler.batch(phase.batch, phase.crop, phase.leads).chunk(self.options.workers)
        results = list(self.workers.map(self.gradients, shares))
        for weight, *grads in zip(self.network.parameters(), *(gradients for gradients, _ in results)):
            weight.grad = torch.stack(grads).mean(0)
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        if torch.isfinite(norm):
            self.optimiser.step()
        self.average()
        self.step += 1
        return {name: float(np.mean([terms[name] for _, terms in results])) for name in results[0][1]}

    def gradients(self, windows: Tensor) -> Tuple[Sequence[Tensor], Dict[str, float]]:
        """Gradients and loss terms of windows [b, T + S, 2, H, W]."""
        options = self.options
        inputs, targets = windows.split([options.history, windows.shape[1] - options.history], 1)
        target, mask = targets.split(1, dim=2)
        parts = self.network(inputs, targets.shape[1])
        terms = objective(parts, target, mask, options.csi_weight, options.carried_weight, options.smoothness)
        gradients = torch.autograd.grad(terms["total"], list(self.network.parameters()))
        return gradients, {name: float(term.detach()) for name, term in terms.items()}

    @torch.no_grad()
    def average(self) -> None:
        decay = min(self.options.average, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.averaged.parameters(), self.network.parameters()):
            mean.lerp_(weight, 1 - decay)

    def validate(self) -> Dict:
        """{event: {lead: {method: scores}}} of the averaged weights and of persistence, half-way and at the end."""
        options, result = self.options, {}
        methods = {"network": scores.network_method(self.averaged), "persistence": scores.persistence}
        for event in self.validation:
            leads = min(options.phases[-1].leads, len(event.frames) - options.history)
            at = [max(1, leads // 2), leads]
            tallies = scores.score_event(event, methods, options.history, leads, at=at)
            result[event.name] = {str(lead): {name: tally.scores(lead) for name, tally in tallies.items()} for lead in at}
        return result

    def save(self) -> None:
        folder = self.options.out
        save_atomically({"network": self.network.state_dict(), "averaged": self.averaged.state_dict(),
                         "optimiser": self.optimiser.state_dict(), "step": self.step, "seconds": self.seconds,
                         "history": self.history, "sampler": self.sampler.state(),
                         "torch": torch.get_rng_state()}, folder / "checkpoint.pth")
        save_atomically(plain_weights(self.averaged), folder / "weights.pth")
        (folder / "history.json").write_text(json.dumps(self.history))
        plots.loss_curve(self.history, folder / "loss.png")

    def restore(self) -> None:
        saved = torch.load(self.options.out / "checkpoint.pth", weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.step, self.seconds, self.history = saved["step"], saved["seconds"], saved["history"]
        self.sampler.restore(saved["sampler"])
        torch.set_rng_state(saved["torch"])


def save_atomically(content: Dict, path: pathlib.Path) -> None:
    part = path.with_suffix(".part")
    torch.save(content, part)
    part.replace(path)


def clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def report(run: Run, losses: Dict[str, float], pace: float) -> None:
    done = run.progress()
    left = run.seconds * (1 - done) / done if done else float("inf")
    print(f"step {run.step} ({done:.1%})  loss {losses['total']:.4f}  frames {losses['frames']:.4f}  "
          f"carried {losses['carried']:.4f}  csi {losses['csi']:.3f}  {pace:.2f} s/step  "
          f"{clock(run.seconds)} gone, {clock(left)} left", flush=True)


def report_validation(result: Dict) -> None:
    for event, leads in result.items():
        for lead, methods in leads.items():
            for method, row in methods.items():
                numbers = "  ".join(f"{key} {value:.3f}" for key, value in row.items())
                print(f"  {event} lead {lead} {method:11s} {numbers}", flush=True)


def train(run: Run) -> None:
    options = run.options
    recent: List[Dict[str, float]] = []
    while run.progress() < 1:
        began = time.monotonic()
        recent.append(run.train_step())
        run.seconds += time.monotonic() - began
        if run.step % 20 == 0:
            losses = {name: float(np.mean([row[name] for row in recent])) for name in recent[0]}
            run.history.append({"step": run.step, "rate": run.learning_rate(), **losses})
            report(run, losses, time.monotonic() - began)
            recent = []
        if run.validation and run.step % options.validate_every == 0:
            began = time.monotonic()
            result = run.validate()
            run.history[-1]["validation"] = result
            report_validation(result)
            if options.minutes:
                run.seconds += time.monotonic() - began
        if run.step % options.save_every == 0:
            run.save()
    if run.validation and run.history:
        run.history[-1]["validation"] = run.validate()
        report_validation(run.history[-1]["validation"])
    run.save()


def main() -> None:
    options = arguments()
    torch.set_num_threads(1)   # one core a worker: they need not wait for each other within a layer
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    if options.resume:
        run.restore()
    train(run)


if __name__ == "__main__":
    main()
