"""Makes the radar sample that the tests of the service send, with NumPy.

    python make_sample.py FOLDER_OF_EVENTS        (NumPy 2.4; writes beside itself, always the same bytes)

Reads `fmi_20160928.npz` from the folder: `frames` uint8 [T, H, W], 255 no data, 0 dry, else dBZ = v / 2 - 32.
"""

import os
import struct
import sys
import zipfile
import zlib

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "fmi_20160928_5x64x64"
FRAMES, SIDE = 5, 64


def crop(frames):
    """The five consecutive frames and the tile that hold the most rain, on a coarse search."""
    best = (-1, 0, 0, 0)
    for first in range(0, len(frames) - FRAMES, 10):
        for y in range(0, frames.shape[1] - SIDE, 32):
            for x in range(0, frames.shape[2] - SIDE, 32):
                tile = frames[first : first + FRAMES, y : y + SIDE, x : x + SIDE]
                if not (tile == 255).any():
                    best = max(best, (int((tile > 80).sum()), first, y, x))
    _, first, y, x = best
    print("frames from", first, "rows from", y, "columns from", x)
    return frames[first : first + FRAMES, y : y + SIDE, x : x + SIDE]


def rain(codes):
    rate = (10 ** ((codes / 2.0 - 32) / 10) / 200) ** (1 / 1.6)
    return np.where(codes == 0, 0, np.where(codes == 255, np.nan, rate))


def png(image):
    """Grey, 8 or 16 bits, no filter."""
    bits = image.dtype.itemsize * 8
    rows = b"".join(b"\0" + row.astype(">u%d" % (bits // 8)).tobytes() for row in image)
    header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], bits, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def stack(name, images):
    with zipfile.ZipFile(os.path.join(HERE, name), "w") as archive:
        for index, image in enumerate(images):
            entry = zipfile.ZipInfo("frame%d.png" % index, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, png(image))


def main():
    with np.load(os.path.join(sys.argv[1], "fmi_20160928.npz")) as event:
        codes = crop(event["frames"])
    rate = rain(codes)
    np.save(os.path.join(HERE, NAME + "_u8.npy"), codes)
    np.save(os.path.join(HERE, NAME + "_mmh_f16.npy"), rate.astype(np.float16))
    np.save(os.path.join(HERE, NAME + "_mmh_f32.npy"), rate.astype(np.float32))
    stack(NAME + "_png8.zip", codes)
    hundredths = np.where(np.isnan(rate), 65535, np.round(rate * 100)).astype(np.uint16)
    stack(NAME + "_png16.zip", hundredths)


main()
