"""The same weights as tutorials write the network, fused, compiled, as Nowcast's archive, and in Nowcast's engine.

All of them take turns in one run, so that they meet the same machine; medians and the medians of the ratios of the
rounds are printed. See README.md for how to run it.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

TURN = 200  # milliseconds
NAMES = {torch.bfloat16: "bf16", torch.float16: "fp16"}
ROOT = pathlib.Path(__file__).resolve().parents[2]


class PerGateLstm(nn.Module):
    """Eight convolutions a step, as tutorials of the ConvLSTM (Shi et al. 2015) write it."""

    def __init__(self, inputs, hidden):
        super().__init__()
        for gate in "ifog":
            setattr(self, "x" + gate, nn.Conv2d(inputs, hidden, 3, padding=1, bias=True))
            setattr(self, "h" + gate, nn.Conv2d(hidden, hidden, 3, padding=1, bias=False))

    def forward(self, x, state):
        h, c = state
        i = torch.sigmoid(self.xi(x) + self.hi(h))
        f = torch.sigmoid(self.xf(x) + self.hf(h))
        o = torch.sigmoid(self.xo(x) + self.ho(h))
        g = torch.tanh(self.xg(x) + self.hg(h))
        c = f * c + i * g
        return o * torch.tanh(c), c

    @staticmethod
    def start(x, hidden):
        zeros = x.new_zeros(x.shape[0], hidden, x.shape[2], x.shape[3])
        return zeros, zeros


class FusedLstm(nn.Module):
    """One convolution over input and state."""

    start = staticmethod(PerGateLstm.start)

    def __init__(self, cell):
        super().__init__()
        joined = [joint(getattr(cell, "x" + gate), getattr(cell, "h" + gate)) for gate in "ifog"]
        out, both = 4 * cell.xi.out_channels, cell.xi.in_channels + cell.xi.out_channels
        self.conv = nn.Conv2d(both, out, 3, padding=1)
        with torch.no_grad():
            self.conv.weight.copy_(torch.cat([weight for weight, _ in joined]))
            self.conv.bias.copy_(torch.cat([bias for _, bias in joined]))

    def forward(self, x, state):
        h, c = state
        i, f, o, g = self.conv(torch.cat([x, h], 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class PerGateGru(nn.Module):
    """Six convolutions a step, the reset gate before the candidate's; the keys are those of the tutorials."""

    def __init__(self, inputs, hidden):
        super().__init__()
        for source, channels in (("x", inputs), ("h", hidden)):
            for gate in "rz":
                setattr(self, f"conv_{source}_{gate}", nn.Conv2d(channels, hidden, 3, padding=1))
        self.conv = nn.Conv2d(inputs, hidden, 3, padding=1)
        self.conv_u = nn.Conv2d(hidden, hidden, 3, padding=1)

    def forward(self, x, state):
        (h,) = state
        r = torch.sigmoid(self.conv_x_r(x) + self.conv_h_r(h))
        z = torch.sigmoid(self.conv_x_z(x) + self.conv_h_z(h))
        n = torch.tanh(self.conv(x) + self.conv_u(r * h))
        return ((1 - z) * h + z * n,)

    @staticmethod
    def start(x, hidden):
        return (x.new_zeros(x.shape[0], hidden, x.shape[2], x.shape[3]),)


class FusedGru(nn.Module):
    """Two convolutions a step."""

    start = staticmethod(PerGateGru.start)

    def __init__(self, cell):
        super().__init__()
        hidden = cell.conv.out_channels
        both = cell.conv.in_channels + hidden
        self.gates = nn.Conv2d(both, 2 * hidden, 3, padding=1)
        self.candidate = nn.Conv2d(both, hidden, 3, padding=1)
        with torch.no_grad():
            joined = [joint(getattr(cell, "conv_x_" + gate), getattr(cell, "conv_h_" + gate)) for gate in "rz"]
            self.gates.weight.copy_(torch.cat([weight for weight, _ in joined]))
            self.gates.bias.copy_(torch.cat([bias for _, bias in joined]))
            weight, bias = joint(cell.conv, cell.conv_u)
            self.candidate.weight.copy_(weight)
            self.candidate.bias.copy_(bias)

    def forward(self, x, state):
        (h,) = state
        r, z = torch.sigmoid(self.gates(torch.cat([x, h], 1))).chunk(2, 1)
        n = torch.tanh(self.candidate(torch.cat([x, r * h], 1)))
        return (torch.lerp(h, n, z),)


def joint(of_input, of_state):
    """Weight and bias of one convolution over input and state side by side."""
    bias = of_input.bias if of_state.bias is None else of_input.bias + of_state.bias
    return torch.cat([of_input.weight, of_state.weight], 1), bias


class Stack(nn.Module):
    """Cells one above the other and a head, in a closed loop."""

    def __init__(self, cells, head, hidden):
        super().__init__()
        self.cells = nn.ModuleList(cells)
        self.head = head
        self.hidden = hidden

    def step(self, x, states):
        after = []
        for cell, state in zip(self.cells, states):
            state = cell(x, state)
            x = state[0]
            after.append(state)
        return x, after

    def forward(self, frames, steps: int):
        states = [cell.start(frames[:, 0], self.hidden) for cell in self.cells]
        for t in range(frames.shape[1] - 1):
            _, states = self.step(frames[:, t], states)
        frame = frames[:, -1]
        forecast = []
        for _ in range(steps):
            x, states = self.step(frame, states)
            frame = self.head(x)
            forecast.append(frame)
        return torch.stack(forecast, 1)


def lstm(layers, hidden):
    """Per-gate stack, fused stack, checkpoint and the manifest's choices."""
    cells = [PerGateLstm(1 if layer == 0 else hidden, hidden) for layer in range(layers)]
    head = nn.Conv2d(hidden, 1, 1)
    fused = Stack([FusedLstm(cell) for cell in cells], head, hidden)
    checkpoint = {"head.weight": head.weight, "head.bias": head.bias}
    for layer, cell in enumerate(fused.cells):
        checkpoint[f"cell_list.{layer}.conv.weight"] = cell.conv.weight
        checkpoint[f"cell_list.{layer}.conv.bias"] = cell.conv.bias
    return Stack(cells, head, hidden), fused, checkpoint, {"gates": "i,f,o,g", "forecast": "closed-loop"}


def gru(hidden):
    """As above: one cell, which is what that tutorial has."""
    cell = PerGateGru(1, hidden)
    head = nn.Conv2d(hidden, 1, 1)
    checkpoint = {f"conv_out.{name}": value for name, value in head.named_parameters()}
    checkpoint |= dict(cell.named_parameters())
    return Stack([cell], head, hidden), Stack([FusedGru(cell)], head, hidden), checkpoint, {"forecast": "closed-loop"}


class Engine:
    """Nowcast's engine in a JVM of its own; each call tells what it took there. Writes its archive first."""

    def __init__(self, arguments, folder, number, format, choices, environment=None):
        classes = (ROOT / "target/classpath").read_text().strip()
        self.answer = folder / f"answer{number}.npy"
        self.archive = folder / f"archive{number}.ts.pt"
        command = [arguments.java, "--enable-native-access=ALL-UNNAMED"]
        command += [f"-Dai.djl.pytorch.num_threads={arguments.threads}"]
        command += ["-cp", f"{ROOT}/target/classes:{ROOT}/target/test-classes:{classes}"]
        command += ["io.nowcast.benchmark.NetworkCalls", "--weights", str(folder / "weights.pth")]
        command += ["--choices", ";".join(f"{name}={value}" for name, value in choices.items())]
        command += ["--input", str(folder / "frames.npy"), "--steps", str(arguments.steps)]
        command += ["--batch", str(arguments.batch), "--device", arguments.device, "--format", format]
        command += ["--answer", str(self.answer), "--archive", str(self.archive)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if arguments.verbose else subprocess.DEVNULL,
            text=True,
            env=os.environ | (environment or {}),
        )
        for _ in range(40):
            self.milliseconds()  # its Java code is interpreted at first

    def milliseconds(self):
        self.process.stdin.write("call\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("milliseconds "):
                return float(line.split()[1])
        raise RuntimeError("the engine's process ended: " + " ".join(self.process.args))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(call):
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1e3


class Rows:
    """PyTorch's forms of a network, each as a call from an array of the host to one."""

    def __init__(self, frames, arguments):
        self.frames = frames.expand(arguments.batch, -1, -1, -1, -1)
        self.device = arguments.device
        self.calls = {}

    def add(self, name, network, type=torch.float32, exact=False):
        """Copies a network to the device; exact: without TF32, which cuDNN may use otherwise."""
        network = network.to(device=self.device, dtype=type) if isinstance(network, nn.Module) else network

        def call(steps):
            torch.backends.cudnn.allow_tf32 = not exact
            return network(self.frames.to(device=self.device, dtype=type), steps).float().cpu()

        self.calls[name] = call


def channels_last(network):
    return copy(network).to(memory_format=torch.channels_last)


def turn(call):
    """Calls until the turn is over; what the last call took."""
    spent = took = call()
    while spent < TURN:
        took = call()
        spent += took
    return took


def compare(title, rows, engines, expected, arguments):
    """Rows take turns; the first is what the others are divided by.

    Only the last call of a turn counts: the threads of whoever had the turn before still wait for work then, and take it
    from a process that is not theirs.
    """
    steps = arguments.steps
    took = {name: [] for name in [*rows.calls, *engines]}
    errors = {name: float((call(steps)[-1] - expected[0]).abs().max()) for name, call in rows.calls.items()}
    for _ in range(arguments.rounds):
        for name, call in rows.calls.items():
            took[name].append(turn(lambda: timed(lambda: call(steps))))
        for name, engine in engines.items():
            took[name].append(turn(engine.milliseconds))
    for name, engine in engines.items():
        answer = torch.from_numpy(numpy.load(engine.answer)).reshape(expected[0].shape)
        errors[name] = float((answer - expected[0]).abs().max())
    first = next(iter(took))
    print(f"\n{title}, {arguments.rounds} rounds; ratio: how many times faster than the first row, median of the rounds")
    print(f"{'':52s} {'median ms':>10s} {'fastest':>9s} {'ratio':>7s} {'largest difference from float64':>33s}")
    for name, times in took.items():
        ratio = statistics.median(one / other for one, other in zip(took[first], times))
        print(f"{name:52s} {statistics.median(times):10.2f} {min(times):9.2f} {ratio:7.2f} {errors[name]:33.1e}")
    print(f"answers reach {float(expected.abs().max()):.2g}", flush=True)


def tutorial(title, made, arguments, folder):
    """Weights that a tutorial's code made: all forms of it."""
    per_gate, fused, checkpoint, choices = made
    torch.save({name: value.detach() for name, value in checkpoint.items()}, folder / "weights.pth")
    frames = torch.rand(1, arguments.frames, 1, arguments.grid, arguments.grid)
    expected = per_gate.double()(frames.double(), arguments.steps).float()
    per_gate.float()
    rows = Rows(frames, arguments)
    rows.add("per-gate, eager", copy(per_gate))
    rows.add("fused, eager", copy(fused))
    rows.add("fused, eager, channels-last", channels_last(fused))
    if not arguments.without_compile:
        rows.add("torch.compile of the fused step, channels-last", compiled_step(fused))
    if arguments.cuda:
        rows.add("per-gate, eager, without TF32", copy(per_gate), exact=True)
        if not arguments.without_compile:
            whole = torch.compile(channels_last(fused).to(arguments.device), mode="reduce-overhead", dynamic=False)
            rows.add("torch.compile of the fused whole, CUDA graphs", whole)
    for type in arguments.reduced:
        rows.add(f"per-gate, eager, {NAMES[type]}", copy(per_gate), type)
        rows.add(f"fused, eager, channels-last, {NAMES[type]}", channels_last(fused), type)
        if not arguments.without_compile:
            rows.add(f"torch.compile of the fused step, {NAMES[type]}", compiled_step(fused), type)
    finish(title, rows, choices, frames, expected, arguments, folder)


class Forecast(nn.Module):
    """The forecast alone of what the training code answers."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, frames, steps: int):
        return self.network(frames, steps)["frames"]


def bundled(arguments, folder):
    """The bundled model against the PyTorch code that trained it."""
    sys.path.insert(0, str(ROOT / "src/training"))
    from network import RadarConvGru

    weights = ROOT / "src/main/resources/models/radar-convgru/weights.pth"
    shutil.copy(weights, folder / "weights.pth")
    network = RadarConvGru()
    state = torch.load(weights, weights_only=True)
    network.load_state_dict(state.get("state_dict", state))
    network = Forecast(network.eval())
    frames = torch.rand(1, 5, 2, arguments.grid, arguments.grid)
    frames[:, :, 1] = 1
    expected = copy(network).double()(frames.double(), arguments.steps).float()
    rows = Rows(frames, arguments)
    rows.add("training code, eager", copy(network))
    rows.add("training code, eager, channels-last", channels_last(network))
    if not arguments.without_compile:
        rows.add("torch.compile of it, channels-last", compiled(network, arguments))
    if arguments.cuda:
        rows.add("training code, eager, without TF32", copy(network), exact=True)
        if not arguments.without_compile:
            rows.add("torch.compile of it, CUDA graphs", compiled(network, arguments, mode="reduce-overhead"))
    for type in arguments.reduced:
        rows.add(f"training code, eager, channels-last, {NAMES[type]}", channels_last(network), type)
        if not arguments.without_compile:
            rows.add(f"torch.compile of it, {NAMES[type]}", compiled(network, arguments), type)
    finish("bundled radar-convgru", rows, {"residual": "source"}, frames, expected, arguments, folder)


def compiled_step(network):
    stepwise = channels_last(network)
    stepwise.step = torch.compile(stepwise.step, dynamic=False)
    return stepwise


def compiled(network, arguments, **options):
    return torch.compile(channels_last(network).to(arguments.device), dynamic=False, **options)


def copy(network):
    import copy as module

    return module.deepcopy(network)


def finish(title, rows, choices, frames, expected, arguments, folder):
    numpy.save(folder / "frames.npy", frames.numpy())
    torch._C._set_graph_executor_optimize(False)
    wanted = [("float32", "Nowcast's engine", {})]
    if arguments.cuda:
        wanted.append(("float32", "Nowcast's engine, without TF32", {"NVIDIA_TF32_OVERRIDE": "0"}))
    wanted += [(NAMES[type], f"Nowcast's engine, {NAMES[type]}", {}) for type in arguments.reduced]
    engines = {}
    try:
        for number, (format, name, environment) in enumerate(wanted):
            engine = Engine(arguments, folder, number, format, choices, environment)
            engines[name] = engine
            if not environment:
                written = torch.jit.load(engine.archive, map_location=arguments.device)
                rows.add(name.replace("engine", "archive in torch.jit"), lambda x, steps, it=written: it(x, steps))
        grid = f"{arguments.grid}x{arguments.grid}"
        where = f"{arguments.device}, {arguments.threads} threads"
        calls = f"batch of {arguments.batch}, {frames.shape[1]} frames in, {arguments.steps} out"
        compare(f"{title}, {grid}, {calls}, {where}", rows, engines, expected, arguments)
    finally:
        for engine in engines.values():
            engine.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=["convlstm", "radar-convgru", "convgru"])
    parser.add_argument("--grid", type=int, default=64)
    parser.add_argument("--frames", type=int, default=10, help="observed frames of the tutorials' networks")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--java", default="java", help="the java of a JDK 25")
    parser.add_argument("--device", default="cpu", help="cpu or cuda:N")
    parser.add_argument("--batch", type=int, default=1, help="the same frames so many times in a call")
    parser.add_argument("--bf16", action="store_true", help="also in bf16")
    parser.add_argument("--fp16", action="store_true", help="also in fp16")
    parser.add_argument("--verbose", action="store_true", help="also what the engine's process says")
    parser.add_argument("--without-compile", action="store_true", help="where there is no C++ compiler")
    arguments = parser.parse_args()
    arguments.cuda = arguments.device.startswith("cuda")
    asked = {torch.bfloat16: arguments.bf16, torch.float16: arguments.fp16}
    arguments.reduced = [type for type, wanted in asked.items() if wanted]
    torch.manual_seed(1)
    torch.set_num_threads(arguments.threads)
    if not arguments.without_compile:
        # Each network and format compiles the same step again; beyond the limit it would be eager without a word.
        torch._dynamo.config.recompile_limit = 64
    with torch.inference_mode(), tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for network in arguments.networks:
            if network == "convlstm":
                tutorial("ConvLSTM, 3 layers x 64 channels", lstm(3, 64), arguments, folder)
            elif network == "convgru":
                tutorial("ConvGRU, 64 channels", gru(64), arguments, folder)
            elif network == "radar-convgru":
                bundled(arguments, folder)
            else:
                parser.error(f"networks are convlstm, radar-convgru and convgru, got {network}")


if __name__ == "__main__":
    main()
