"""Uses the generated Python client: frames in, frames out, as NPY and as PNGs."""

import io
import pathlib
import sys
import zipfile
from datetime import datetime, timezone

import nowcast_client
import numpy as np

service, sample = sys.argv[1], pathlib.Path(sys.argv[2])
time = datetime(2016, 9, 28, 17, tzinfo=timezone.utc)

with nowcast_client.ApiClient(nowcast_client.Configuration(host=service)) as client:
    models = nowcast_client.ModelsApi(client).list_models()
    forecasts = nowcast_client.ForecastApi(client)
    answer = forecasts.forecast((sample / "radar.npy").read_bytes(), steps=3, time=time, format="npy")
    frames = np.load(io.BytesIO(answer))
    assert frames.shape == (3, 256, 256) and frames.dtype == np.float32, frames
    stack = forecasts.forecast((sample / "radar.zip").read_bytes(), steps=3, time=time, format="png")
    names = zipfile.ZipFile(io.BytesIO(stack)).namelist()
    assert names[0] == "+005min.png" and len(names) == 4, names
    print(f"{models.default_model}: NPY {frames.shape}, at most {np.nanmax(frames):.1f} mm/h; ZIP of {names}")
