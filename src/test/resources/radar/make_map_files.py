"""Writes the 8-bit sample as files of radar networks, with the libraries of each format.

Needs h5py, tifffile, pyproj and NumPy. Run in this folder; the output is committed.
"""

import datetime
import gzip
import io
import zipfile

import h5py
import numpy as np
import tifffile
from pyproj import Proj

SAMPLE = "fmi_20160928_5x64x64"
PROJDEF = "+proj=stere +lat_0=90 +lon_0=25 +lat_ts=60 +ellps=WGS84"
WEST, NORTH, SIZE = -100000.0, -3000000.0, 1000.0
LAST = datetime.datetime(2016, 9, 28, 15, 55)
frames = np.load(SAMPLE + "_u8.npy")
T, H, W = frames.shape


def time(i):
    return LAST - datetime.timedelta(minutes=5 * (T - 1 - i))


def odim(i):
    out = io.BytesIO()
    projection = Proj(PROJDEF)
    with h5py.File(out, "w") as f:
        what = f.create_group("what")
        for key, value in {"object": "COMP", "version": "H5rad 2.3", "date": time(i).strftime("%Y%m%d"),
                           "time": time(i).strftime("%H%M%S"), "source": "ORG:86"}.items():
            what.attrs[key] = np.bytes_(value)
        where = f.create_group("where")
        for corner, x, y in (("UL", 0, 0), ("UR", W, 0), ("LL", 0, H), ("LR", W, H)):
            lon, lat = projection(WEST + x * SIZE, NORTH - y * SIZE, inverse=True)
            where.attrs[corner + "_lon"], where.attrs[corner + "_lat"] = lon, lat
        for key, value in {"xscale": SIZE, "yscale": SIZE, "xsize": W, "ysize": H}.items():
            where.attrs[key] = value
        where.attrs["projdef"] = np.bytes_(PROJDEF)
        f.create_dataset("dataset1/data1/data", data=frames[i], chunks=(40, 40), compression="gzip")
        what = f.create_group("dataset1/data1/what")
        what.attrs["quantity"] = np.bytes_("DBZH")
        for key, value in {"gain": 0.5, "offset": -32.0, "nodata": 255.0, "undetect": 0.0}.items():
            what.attrs[key] = value
    return out.getvalue()


def geotiff(i):
    out = io.BytesIO()
    tifffile.imwrite(out, frames[i], tile=(32, 32), compression="deflate", extratags=[
        (33550, "d", 3, (SIZE, SIZE, 0.0)), (33922, "d", 6, (0.0, 0.0, 0.0, WEST, NORTH, 0.0)),
        (34735, "H", 32, (1, 1, 0, 7, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32767, 3075, 0, 1, 15,
                          3076, 0, 1, 9001, 3081, 34736, 1, 1, 3095, 34736, 1, 0)),
        (34736, "d", 2, (25.0, 60.0)), (42113, "s", 0, "255"), (306, "s", 0, time(i).strftime("%Y:%m:%d %H:%M:%S"))])
    return out.getvalue()


def pgm(i):
    header = b"P5\n# obstime %s\n%d %d\n255\n" % (time(i).strftime("%Y%m%d%H%M").encode(), W, H)
    return gzip.compress(header + frames[i].tobytes(), mtime=0)


def write(name, encode, suffix, which=range(T)):
    with zipfile.ZipFile(f"{SAMPLE}_{name}.zip", "w", zipfile.ZIP_DEFLATED) as z:
        for i in which:
            z.writestr(zipfile.ZipInfo(f"{i}.{suffix}"), encode(i))


write("odim", odim, "h5")
write("odim_gap", odim, "h5", (0, 1, 3, 4))
write("geotiff", geotiff, "tif")
write("pgm", pgm, "pgm.gz")
