"""The bundled model behind FastAPI, as one would write it in Python: the other side of service.py.

One process; the network of src/training/network.py in inference mode with all cores; one thread that loads and owns it,
so that requests do not compete for the cores within a call: a second thread that computed anything has GNU's OpenMP put
threads to sleep between operations, which doubles the time of a call. Started by service.py; by hand:
python fastapi_app.py --port 8081
"""

import argparse
import asyncio
import concurrent.futures
import io
import pathlib
import sys

import fastapi
import numpy
import torch
import uvicorn

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src" / "training"))
from network import load_network  # noqa: E402

WEIGHTS = ROOT / "src" / "main" / "resources" / "models" / "radar-convgru" / "weights.pth"
MOST_DBZ, DRY_BELOW_DBZ = 60.0, 5.0           # as in the model's manifest
A, B = 200.0, 1.6                             # Z = a R^b
FRAMES, STEPS = 5, 12


def normalise(frames: torch.Tensor) -> torch.Tensor:
    """mm/h [T,H,W], NaN = missing -> [1,T,2,H,W]: reflectivity in 0..1 and a mask."""
    known = ~frames.isnan()
    reflectivity = 10 * torch.log10(A * frames.nan_to_num().clamp_min(1e-10) ** B)
    scaled = torch.where(known & (reflectivity >= DRY_BELOW_DBZ), reflectivity.clamp_max(MOST_DBZ) / MOST_DBZ, 0)
    return torch.stack([scaled, known.float()], 1)[None]


def denormalise(forecast: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    """0..1 [S,H,W] -> mm/h, missing where the last observed frame is."""
    reflectivity = forecast * MOST_DBZ
    rate = (10 ** (reflectivity / 10) / A) ** (1 / B)
    rate = torch.where(reflectivity < DRY_BELOW_DBZ, 0, rate)
    return torch.where(last.isnan(), torch.nan, rate)


def application(compiled: bool) -> fastapi.FastAPI:
    def load():
        network = load_network(torch.load(WEIGHTS, weights_only=True)).to(memory_format=torch.channels_last)
        return torch.compile(network, dynamic=False) if compiled else network

    owner = concurrent.futures.ThreadPoolExecutor(1)
    forward = owner.submit(load).result()

    def work(body: bytes, steps: int) -> bytes:
        frames = torch.from_numpy(numpy.load(io.BytesIO(body)).astype(numpy.float32, copy=False))[-FRAMES:]
        with torch.inference_mode():
            forecast = forward(normalise(frames), steps)["frames"][0, :, 0]
            answer = denormalise(forecast, frames[-1])
        out = io.BytesIO()
        numpy.save(out, answer.numpy())
        return out.getvalue()

    app = fastapi.FastAPI()

    @app.get("/ready")
    def ready() -> str:
        return "ready"

    @app.post("/forecast")
    async def forecast(request: fastapi.Request, steps: int = STEPS) -> fastapi.Response:
        body = await request.body()
        answer = await asyncio.get_running_loop().run_in_executor(owner, work, body, steps)
        return fastapi.Response(answer, media_type="application/x-npy")

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--threads", type=int, default=0, help="of PyTorch; as PyTorch chooses where absent")
    parser.add_argument("--compiled", action="store_true", help="the network through torch.compile")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    uvicorn.run(application(options.compiled), host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
