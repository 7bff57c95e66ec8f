"""Makes the files that the tests of io.nowcast.codec read, with NumPy and Pillow.

    python make_fixtures.py        (NumPy 2.4, Pillow 12.3; writes beside itself, always the same bytes)

The value of frame t, row y, column x of a [2, 3, 4] array is n = 12 t + 4 y + x, changed by type as in `values`.
"""

import io
import os
import warnings
import zipfile

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
SHAPE = (2, 3, 4)
TIMES = [1475064000, 1475064300]  # 2016-09-28T12:00Z and five minutes later


def values(code, shape=SHAPE):
    n = np.arange(np.prod(shape)).reshape(shape)
    if code == "b1":
        return n % 2 == 1
    if code[0] == "f":
        floats = n * 0.5 - 3
        floats.flat[5] = np.nan
        return floats
    return n - 7 if code[0] == "i" else n * (10 if code != "u1" else 1)


class Pipe:
    """A file that cannot go back, so that an archive's sizes and checksums must follow its data."""

    def __init__(self):
        self.written = io.BytesIO()

    def write(self, data):
        return self.written.write(data)

    def flush(self):
        pass


def npy(array, version=(1, 0)):
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy warns of formats 2 and 3.
        np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def archive(name, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(os.path.join(HERE, name), "w") as out:
        for entry, content in entries.items():
            info = zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            out.writestr(info, content)


def npy_variants():
    """Every type, byte order, memory order and format: {type}-{le|be}-{c|fortran}-v{1|2|3}.npy."""
    entries = {}
    for code in TYPES:
        for order, sign in (("le", "<"), ("be", ">")):
            for memory in ("c", "fortran"):
                array = np.array(values(code)).astype(sign + code)
                array = np.asfortranarray(array) if memory == "fortran" else array
                for version in (1, 2, 3):
                    entries[f"{code}-{order}-{memory}-v{version}.npy"] = npy(array, (version, 0))
    archive("npy_variants.zip", entries, zipfile.ZIP_DEFLATED)


def npy_shapes():
    n = np.arange(48, dtype="<f4")
    batch = n.reshape(2, 2, 1, 3, 4)
    wide = np.arange(2 * 2 * 5 * 37, dtype="<i2").reshape(2, 2, 1, 5, 37)
    entries = {
        "channel.npy": npy(n[:24].reshape(2, 1, 3, 4)),
        "batch.npy": npy(batch),
        "batch-fortran.npy": npy(np.asfortranarray(batch)),
        "batch-wide.npy": npy(wide),
        "batch-wide-fortran.npy": npy(np.asfortranarray(wide)),
        "extremes-f8.npy": npy(np.array([1e300, -1e300, 0.1, -9999.0]).reshape(1, 2, 2)),
        "extremes-u8.npy": npy(np.array([2**64 - 1, 2**63, 2**63 - 1, 0], dtype="<u8").reshape(1, 2, 2)),
        "extremes-i2.npy": npy(np.array([-32768, -9999, -1, 32767], dtype=">i2").reshape(1, 2, 2)),
        "fill-f2.npy": npy(np.array([-9999, 0.5, 1, np.nan], dtype="<f2").reshape(1, 2, 2)),
        "fill-f4.npy": npy(np.array([-9999.9, 0.5, 1, np.nan], dtype=">f4").reshape(1, 2, 2)),
    }
    archive("npy_shapes.zip", entries)


def npy_refused():
    fields = np.zeros((1, 2, 2), dtype=[("rain", "<f4"), ("quality", "u1")])
    entries = {
        "object.npy": npy(np.array([[[None, 1], [2, 3]]], dtype=object)),
        "structured.npy": npy(fields),
        "complex.npy": npy(np.zeros((1, 2, 2), dtype="<c8")),
        "text.npy": npy(np.array([[["a", "b"], ["c", "d"]]])),
        "bytes.npy": npy(np.array([[["a", "b"], ["c", "d"]]], dtype="S1")),
        "dates.npy": npy(np.zeros((1, 2, 2), dtype="<M8[s]")),
        "longdouble.npy": npy(np.zeros((1, 2, 2), dtype="<f16")),
        "void.npy": npy(np.zeros((1, 2, 2), dtype="V2")),
        "flat.npy": npy(np.zeros((2, 2), dtype="<f4")),
        "scalar.npy": npy(np.float32(1).reshape(())),
        "channels.npy": npy(np.zeros((2, 3, 4, 4), dtype="<f4")),
        "empty.npy": npy(np.zeros((0, 3, 4), dtype="<f4")),
    }
    archive("npy_refused.zip", entries)


def npz():
    frames = np.array(values("f4")).astype("<f4")
    np.savez(os.path.join(HERE, "frames.npz"), frames=frames, times=np.array(TIMES), extra=np.zeros(3))
    np.savez_compressed(os.path.join(HERE, "frames_compressed.npz"), frames=frames, times=np.array(TIMES, dtype=float) + 0.25)
    np.savez(os.path.join(HERE, "only_array.npz"), frames)
    np.savez(os.path.join(HERE, "two_arrays.npz"), frames, frames)
    np.savez(os.path.join(HERE, "times_too_few.npz"), frames=frames, times=np.array(TIMES[:1]))
    np.savez(os.path.join(HERE, "times_backwards.npz"), frames=frames, times=np.array(TIMES[::-1]))
    np.savez(os.path.join(HERE, "times_dates.npz"), frames=frames, times=np.array(TIMES, dtype="datetime64[s]"))
    # Through a pipe: sizes follow the data, in descriptors.
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(zipfile.ZipInfo("frames.npy", (1980, 1, 1, 0, 0, 0)), npy(frames), zipfile.ZIP_DEFLATED)
        out.writestr(zipfile.ZipInfo("times.npy", (1980, 1, 1, 0, 0, 0)), npy(np.array(TIMES)), zipfile.ZIP_STORED)
    with open(os.path.join(HERE, "frames_streamed.npz"), "wb") as out:
        out.write(pipe.written.getvalue())


def png(image, **options):
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def pixel_numbers(t, highest):
    """Row y, column x of a 7x13 frame: (1000 t + 31 y + 7 x y + x) modulo (highest + 1), spread for 16 bits."""
    y, x = np.mgrid[0:7, 0:13]
    n = 1000 * t + 31 * y + 7 * x * y + x
    return (n * (257 if highest > 255 else 1)) % (highest + 1)


def png_stacks():
    def grey(t):
        return Image.fromarray(pixel_numbers(t, 255).astype(np.uint8))

    def grey16(t):
        return Image.fromarray(pixel_numbers(t, 65535).astype(np.uint16))

    def palette(t, bits):
        image = Image.fromarray(pixel_numbers(t, 2**bits - 1).astype(np.uint8), mode="P")
        image.putpalette([(3 * i) % 256 for i in range(3 * 2**bits)])
        return png(image, bits=bits)

    def bilevel(t):
        return png(Image.fromarray(pixel_numbers(t, 1).astype(bool)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # f10 before f2 in the archive and in plain order; the frame numbers are 0, 1, 2.
        numbered = {"f10.png": 2, "f2.png": 1, "f1.png": 0}
        archive("grey8.zip", {name: png(grey(t)) for name, t in numbered.items()})
        archive("grey16.zip", {name: png(grey16(t)) for name, t in numbered.items()}, zipfile.ZIP_DEFLATED)
        archive("grey1.zip", {name: bilevel(t) for name, t in numbered.items()})
        for bits in (1, 2, 4, 8):
            archive(f"palette{bits}.zip", {name: palette(t, bits) for name, t in numbered.items()})
        archive("extras.zip", {
            "radar/": b"",
            "radar/f1.png": png(grey(0)),
            "__MACOSX/radar/._f1.png": b"resource fork",
            "radar/.DS_Store": b"finder",
            "metadata.json": b"{}",
        })
        archive("with_text.zip", {"f1.png": png(grey(0)), "readme.txt": b"how to read this\n"})
        archive("text_called_png.zip", {"f1.png": b"<html>404 not found</html>"})
        archive("sizes_differ.zip", {"f1.png": png(grey(0)), "f2.png": png(grey(0).crop((0, 0, 12, 7)))})
        archive("depths_differ.zip", {"f1.png": png(grey(0)), "f2.png": png(grey16(0))})
        archive("colour.zip", {"f1.png": png(grey(0).convert("RGB"))})
        archive("alpha.zip", {"f1.png": png(grey(0).convert("LA"))})
        archive("nothing.zip", {"metadata.json": b"{}"})


def encoded():
    """What the encoder must write, byte for byte: n * 0.5 - 3 as [S, H, W] and [B, S, H, W]."""
    forecast = np.array(values("f4")).astype("<f4")
    entries = {
        "forecast.npy": npy(forecast),
        "batch.npy": npy(np.stack([forecast, forecast])),
        "batch-of-one.npy": npy(forecast[None]),
        "lead_minutes.npy": npy(np.array([5.0, 10.0])),
        "valid_times.npy": npy(np.array(TIMES) + 300),
        "reference_time.npy": npy(np.array(TIMES[0])),
    }
    archive("encoded.zip", entries)


if __name__ == "__main__":
    npy_variants()
    npy_shapes()
    npy_refused()
    npz()
    png_stacks()
    encoded()
