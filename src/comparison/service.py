"""Nowcast against the same weights behind FastAPI, on the same cores in the same run.

    mvn -q package -DskipTests
    python src/comparison/service.py --java java --jar target/nowcast-*.jar

Every service runs in a process of its own. For each grid and number of clients the services take turns for a few
seconds at a time, in an order that rotates, so that all meet the same machine. Printed are the medians of the rounds
and the medians of the ratios within a round. First the answers are compared: a fast wrong answer is worth nothing.
"""

import argparse
import http.client
import io
import json
import os
import pathlib
import platform
import socket
import statistics
import subprocess
import sys
import threading
import time

import numpy

HERE = pathlib.Path(__file__).resolve().parent
FRAMES, MOST_DBZ, DRY_BELOW_DBZ = 5, 60.0, 5.0
LONGEST_START, LONGEST_REQUEST = 300.0, 600.0
MOST_DIFFERENCE = 1e-4    # of the range of 60 dBZ; libraries of different versions add up in another order


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Service:
    """A service in a process of its own."""

    def __init__(self, name, command, port, ready_path, log):
        self.name, self.port, self.ready_path = name, port, ready_path
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)

    def await_ready(self):
        end = time.monotonic() + LONGEST_START
        while time.monotonic() < end and self.process.poll() is None:
            try:
                connection = self.connect()
                connection.request("GET", self.ready_path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise SystemExit(f"{self.name} does not get ready, see {self.log}")

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_REQUEST)

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def radar(height, width):
    """Smooth cells of rain that drift, in mm/h, with a missing corner."""
    y, x = numpy.mgrid[0:height, 0:width] / max(height, width)
    frames = numpy.empty((FRAMES, height, width), numpy.float32)
    for t in range(FRAMES):
        echo = numpy.full((height, width), -32.0)
        for row, column, radius, peak in ((.3, .3, .12, 48), (.6, .5, .2, 35), (.4, .8, .08, 55), (.8, .2, .15, 28)):
            echo = numpy.maximum(echo, peak - 20 * ((y - row - t / 80) ** 2 + (x - column - t / 50) ** 2) / radius ** 2)
        frames[t] = numpy.where(echo < DRY_BELOW_DBZ, 0, (10 ** (echo / 10) / 200) ** (1 / 1.6))
    frames[:, : height // 12, : width // 12] = numpy.nan
    return frames


def npy(array):
    out = io.BytesIO()
    numpy.save(out, array)
    return out.getvalue()


def ask(connection, body, steps):
    connection.request("POST", f"/forecast?steps={steps}", body, {"Content-Type": "application/x-npy"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}: {content[:200]!r}")
    return content


def block(service, body, steps, clients, seconds):
    """What clients that wait for their answers see: latencies in seconds, answers a second, cores used."""
    latencies, failures = [], []
    began, cores_before = time.perf_counter(), service.processor_seconds()
    end = began + seconds

    def client():
        try:
            connection = service.connect()
            while time.perf_counter() < end:
                start = time.perf_counter()
                ask(connection, body, steps)
                latencies.append(time.perf_counter() - start)
        except (OSError, RuntimeError, http.client.HTTPException) as problem:
            failures.append(problem)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{service.name}: {failures[0]}")
    taken = time.perf_counter() - began
    return latencies, len(latencies) / taken, (service.processor_seconds() - cores_before) / taken


def reflectivity_share(rates):
    with numpy.errstate(divide="ignore"):
        echo = 10 * numpy.log10(200 * rates.astype(numpy.float64) ** 1.6)
    return numpy.clip(echo, DRY_BELOW_DBZ, MOST_DBZ) / MOST_DBZ


def difference(one, other):
    """The largest, as a share of the model's range of 60 dBZ; infinite where only one has a value."""
    one, other = (numpy.load(io.BytesIO(body)) for body in (one, other))
    if one.shape != other.shape or (numpy.isnan(one) != numpy.isnan(other)).any():
        return float("inf")
    return float(numpy.nanmax(numpy.abs(reflectivity_share(one) - reflectivity_share(other))))


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def compare(services, grid, clients, options):
    """One table: the services take turns; Nowcast, the first, is what ratios are to."""
    body = npy(radar(*grid))
    for service in services:
        block(service, body, options.steps, clients, options.warm_up)
    rounds = {service.name: [] for service in services}
    for number in range(options.rounds):
        turn = number % len(services)
        for service in services[turn:] + services[:turn]:
            rounds[service.name].append(block(service, body, options.steps, clients, options.seconds))
    rows = []
    first = rounds[services[0].name]
    print(f"\n{grid[0]}x{grid[1]}, {clients} client{'s' if clients > 1 else ''}, {options.steps} steps, NPY; "
          f"{options.rounds} rounds of {options.seconds:g} s; milliseconds")
    print(f"{'':24} {'p50':>8} {'p99':>8} {'a second':>9} {'cores':>6} | to {services[0].name}: p50, p99, a second")
    for service in services:
        mine = rounds[service.name]
        everything = [latency for latencies, _, _ in mine for latency in latencies]
        row = {
            "service": service.name, "grid": list(grid), "clients": clients, "requests": len(everything),
            "p50 ms": 1e3 * statistics.median(everything), "p99 ms": 1e3 * percentile(everything, 0.99),
            "a second": statistics.median(rate for _, rate, _ in mine),
            "cores": statistics.median(cores for _, _, cores in mine),
            "p50 ratio": statistics.median(statistics.median(a) / statistics.median(b)
                                           for (a, _, _), (b, _, _) in zip(mine, first)),
            "p99 ratio": statistics.median(percentile(a, 0.99) / percentile(b, 0.99)
                                           for (a, _, _), (b, _, _) in zip(mine, first)),
            "a second ratio": statistics.median(a / b for (_, a, _), (_, b, _) in zip(mine, first)),
        }
        rows.append(row)
        print(f"{service.name:24} {row['p50 ms']:8.2f} {row['p99 ms']:8.2f} {row['a second']:9.2f} {row['cores']:6.2f}"
              f" | {row['p50 ratio']:.3f} {row['p99 ratio']:.3f} {row['a second ratio']:.3f}", flush=True)
    return rows


def start(options):
    logs = pathlib.Path(options.logs)
    logs.mkdir(parents=True, exist_ok=True)
    port = free_port()
    services = [Service("nowcast", [options.java, *options.jvm.split(), "-jar", options.jar, f"--server.port={port}",
                                    "--server.address=127.0.0.1", *options.properties.split()],
                        port, "/actuator/health/readiness", logs / "nowcast.log")]
    for variant in options.variants.split(","):
        port = free_port()
        command = [sys.executable, str(HERE / "fastapi_app.py"), "--port", str(port), "--threads", str(options.threads)]
        services.append(Service(f"fastapi {variant}", command + (["--compiled"] if variant == "compiled" else []),
                                port, "/ready", logs / f"fastapi-{variant}.log"))
    return services


def agree(services, grid, steps):
    """Whether all give the same forecast; the first call of a compiled network compiles it."""
    body, answers = npy(radar(*grid)), []
    for service in services:
        began = time.perf_counter()
        answers.append(ask(service.connect(), body, steps))
        print(f"{grid[0]}x{grid[1]}: first answer of {service.name} after {time.perf_counter() - began:.1f} s, "
              f"differs from {services[0].name} by {difference(answers[0], answers[-1]):.1e} of the range", flush=True)
    return all(difference(answers[0], answer) <= MOST_DIFFERENCE for answer in answers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--java", default="java", help="of a JDK 25")
    parser.add_argument("--jvm", default="--enable-native-access=ALL-UNNAMED -XX:MaxDirectMemorySize=1g")
    parser.add_argument("--properties", default="", help="of Nowcast, separated by blanks")
    parser.add_argument("--variants", default="eager,compiled", help="of FastAPI: eager, compiled")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of PyTorch under FastAPI")
    parser.add_argument("--grids", default="64x64,128x128,256x256")
    parser.add_argument("--clients", default="1,8")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--warm-up", type=float, default=6, help="seconds a service before each table")
    parser.add_argument("--logs", default="target/comparison")
    options = parser.parse_args()
    import torch
    print(f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores; Python {platform.python_version()}, "
          f"PyTorch {torch.__version__} under FastAPI with {options.threads} threads")
    services = start(options)
    try:
        for service in services:
            service.await_ready()
        grids = [tuple(int(side) for side in grid.split("x")) for grid in options.grids.split(",")]
        if not all([agree(services, grid, options.steps) for grid in grids]):
            raise SystemExit("FAIL  the answers differ by more than %.0e of the range" % MOST_DIFFERENCE)
        rows = [row for grid in grids for clients in options.clients.split(",")
                for row in compare(services, grid, int(clients), options)]
        for service in services:
            print(f"{service.name}: resident memory {service.resident_megabytes():.0f} MB")
        (pathlib.Path(options.logs) / "service.json").write_text(json.dumps(rows, indent=2))
    finally:
        for service in services:
            service.end()


if __name__ == "__main__":
    main()
