"""Score weights on held-out events against persistence, as a Markdown table, and draw one forecast.

    python evaluate.py --weights weights.pth --data EVENTS --hold-out NAME NAME:20 --picture NAME --out DIR

writes DIR/scores.md, DIR/scores.json and, with --picture, DIR/NAME.png.
"""

import argparse
import json
import pathlib
from typing import Dict, List, Sequence

import numpy as np
import torch

import plots
import scores
from data import Event, split_events
from network import RESIDUAL_FRAMES, RadarConvGru, load_network

COLUMNS = {"csi_0.5": "CSI 0.5", "csi_1": "CSI 1", "csi_5": "CSI 5", "bias_0.5": "bias 0.5", "bias_1": "bias 1",
           "bias_5": "bias 5", "mae": "MAE mm/h", "fss": "FSS 1 mm/h, 9 px"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--weights", type=pathlib.Path, required=True)
    add("--data", type=pathlib.Path, required=True, help="folder of .npz events")
    add("--hold-out", nargs="+", required=True, metavar="NAME[:N]", help="the events (or their last N frames) to score")
    add("--residual-frame", choices=RESIDUAL_FRAMES, default=RESIDUAL_FRAMES[0])
    add("--history", type=int, default=5, help="input frames (default %(default)s)")
    add("--leads", type=int, default=12, help="lead times, in frames (default %(default)s)")
    add("--at", type=int, nargs="+", default=[3, 6, 12], help="lead times to report, in frames (default 3 6 12)")
    add("--every", type=int, default=1, help="score every n-th window (default all)")
    add("--picture", nargs="*", default=[], metavar="NAME", help="held-out events to draw (the beginning of their names)")
    add("--picture-window", type=float, default=0.5, help="which window to draw, 0 first .. 1 last (default %(default)s)")
    add("--out", type=pathlib.Path, required=True)
    add("--threads", type=int, help="CPU threads (default: PyTorch's)")
    return parser.parse_args()


def table(results: Dict[str, Dict[int, Dict[str, Dict[str, float]]]]) -> str:
    """Markdown: one line per event, lead time and method."""
    lines = ["| part | lead | method | " + " | ".join(COLUMNS.values()) + " |", "|---" * (3 + len(COLUMNS)) + "|"]
    for name, leads in results.items():
        for minutes, methods in leads.items():
            for method, row in methods.items():
                cells = [f"{row[column]:.3f}" for column in COLUMNS]
                lines.append(f"| {name} | +{minutes} min | {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def evaluate(events: Sequence[Event], methods: Dict[str, scores.Method], options: argparse.Namespace) -> Dict:
    """{event or "mean": {minutes: {method: scores}}}."""
    results: Dict = {}
    for event in events:
        tallies = scores.score_event(event, methods, options.history, options.leads, options.every, options.at)
        results[event.name] = {lead * event.step // 60: {name: tally.scores(lead) for name, tally in tallies.items()}
                               for lead in options.at}
        print(table({event.name: results[event.name]}), flush=True)
    parts = list(results.values())
    results["mean"] = {minutes: {name: scores.mean_scores([part[minutes][name] for part in parts]) for name in methods}
                       for minutes in parts[0]}
    return results


def draw(event: Event, methods: Dict[str, scores.Method], options: argparse.Namespace) -> None:
    """Observed and forecast frames of one window."""
    pairs = list(scores.windows(event, options.history, options.leads))
    index = round(options.picture_window * (len(pairs) - 1))
    inputs, targets = pairs[index]
    steps = [lead - 1 for lead in options.at]
    rows: Dict[str, List[np.ndarray]] = {"observed": list(scores.rates(targets)[steps])}
    for name, method in methods.items():
        rows[name] = list(method(inputs, options.leads)[steps])
    titles = [f"+{lead * event.step // 60} min" for lead in options.at]
    plots.side_by_side(rows, titles, options.out / f"{event.name}.png", f"{event.name}, held-out window {index + 1}")


def main() -> None:
    options = arguments()
    if options.threads:
        torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    _, events = split_events(options.data, options.hold_out)
    network: RadarConvGru = load_network(torch.load(options.weights, weights_only=True), options.residual_frame)
    methods = {"network": scores.network_method(network), "persistence": scores.persistence}
    results = evaluate(events, methods, options)
    print(table({"mean": results["mean"]}))
    (options.out / "scores.md").write_text(table(results))
    (options.out / "scores.json").write_text(json.dumps(results, indent=1))
    for name in options.picture:
        for event in events:
            if event.name.startswith(name):
                draw(event, methods, options)


if __name__ == "__main__":
    main()
