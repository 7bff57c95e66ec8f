"""Cuts the sample of the README out of a radar event (numpy, pillow): python make_sample.py EVENT.npz

EVENT.npz is fmi_20160928 as the training recipe reads it: frames uint8 [T,H,W] (255 no data, 0 no echo, else dBZ = v/2 - 32)
and times in epoch seconds. The frames belong to the part that the bundled model was never trained on.
"""

import io
import sys
import zipfile

import numpy as np
from PIL import Image

FRAMES = slice(23, 28)
ROWS, COLUMNS = slice(640, 896), slice(240, 496)


def main(event: str) -> None:
    archive = np.load(event)
    frames = np.ascontiguousarray(archive["frames"][FRAMES, ROWS, COLUMNS])
    times = archive["times"][FRAMES].astype("datetime64[s]")
    np.save("radar.npy", frames)
    with zipfile.ZipFile("radar.zip", "w", zipfile.ZIP_STORED) as stack:
        for frame, time in zip(frames, times):
            png = io.BytesIO()
            Image.fromarray(frame).save(png, "PNG", optimize=True)
            name = str(time).replace("-", "").replace(":", "") + "Z.png"
            stack.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), png.getvalue())
    print("last frame:", f"{times[-1]}Z", "shape", frames.shape, "rain share", float((frames[-1] > 64).mean()))


if __name__ == "__main__":
    main(sys.argv[1])
