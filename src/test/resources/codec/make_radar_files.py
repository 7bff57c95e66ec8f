"""Writes small files of radar networks, each with the values that its own library reads back.

Needs h5py, netCDF4, tifffile, Pillow and NumPy. Run in this folder; the output is committed.
"""

import gzip
import json

import h5py
import netCDF4
import numpy as np
import tifffile
from PIL import Image

H, W = 7, 9
rng = np.random.default_rng(5)
PROJDEF = "+proj=laea +lat_0=55.0 +lon_0=10.0 +x_0=1950000.0 +y_0=-2100000.0 +units=m +ellps=WGS84"
# The corners of a 7x9 grid of 2 km around x = 1.9e6, y = -2.0e6, by pyproj.
CORNERS = {}


def corners(west, north, size):
    from pyproj import Proj

    p = Proj(PROJDEF)
    for name, (x, y) in {
        "UL": (west, north), "UR": (west + W * size, north),
        "LL": (west, north - H * size), "LR": (west + W * size, north - H * size),
    }.items():
        lon, lat = p(x, y, inverse=True)
        CORNERS[name + "_lon"], CORNERS[name + "_lat"] = lon, lat


def odim(name, raw, what, time="120000", projdef=PROJDEF, where=None, chunks=True, how=None, bare=False):
    with h5py.File(name, "w") as f:
        f.attrs["Conventions"] = np.bytes_("ODIM_H5/V2_3")
        g = f.create_group("what")
        for key, value in {"object": "COMP", "version": "H5rad 2.3", "date": "20240501", "time": time,
                           "source": "ORG:247"}.items():
            g.attrs[key] = np.bytes_(value)
        g = f.create_group("where")
        for key, value in {**CORNERS, "xscale": 2000.0, "yscale": 2000.0, "xsize": W, "ysize": H,
                           **(where or {})}.items():
            g.attrs[key] = value
        if isinstance(projdef, str):
            g.attrs["projdef"] = np.bytes_(projdef)
        elif projdef is not None:
            g.attrs["projdef"] = projdef
        options = {"chunks": (3, 4), "compression": "gzip", "shuffle": True, "fletcher32": True} if chunks else {}
        d = f.create_dataset("dataset1/data1/data", data=raw, **options)
        d.attrs["CLASS"] = np.bytes_("IMAGE")
        g = f.create_group("dataset1/data1/what")
        for key, value in what.items():
            g.attrs[key] = np.bytes_(value) if isinstance(value, str) else value
        if how:
            g = f.create_group("dataset1/data1/how")
            for key, value in how.items():
                g.attrs[key] = value


def large_chunks(name):
    """A dataset that could grow, in chunks of far more than it has."""
    odim(name, np.zeros((H, W), "u1"), {"quantity": "DBZH", "gain": 0.5, "offset": -32.0, "nodata": 255.0,
                                        "undetect": 0.0}, chunks=False)
    with h5py.File(name, "a") as f:
        del f["dataset1/data1/data"]
        f.create_dataset("dataset1/data1/data", data=np.zeros((H, W), "u1"), maxshape=(None, None),
                         chunks=(1, 1 << 18), compression="gzip")


def chunked(name, data, libver="earliest", **storage):
    """A reflectivity whose dataset is stored in another way than that of the other files."""
    odim(name, np.zeros((H, W), "u1"), {"quantity": "DBZH", "gain": 0.5, "offset": -32.0, "nodata": 255.0,
                                        "undetect": 0.0}, chunks=False)
    with h5py.File(name, "a", libver=libver) as f:
        del f["dataset1/data1/data"]
        f.create_dataset("dataset1/data1/data", data=data, **storage)


def tree_without_end(name):
    """The chunk is found through five levels of nodes, in each of which all 200 entries are the same next node."""
    chunked(name, np.zeros((H, W), "u1"), chunks=(H, W), compression="gzip")
    with open(name, "r+b") as f:
        content = bytearray(f.read())
        leaf = content.index(b"TREE\x01\x00")
        reference = content.index(leaf.to_bytes(8, "little"))
        below = leaf
        for level in range(1, 6):
            at = len(content)
            key, unknown = bytes(32), b"\xff" * 8
            content += b"TREE\x01" + bytes([level]) + (200).to_bytes(2, "little") + 2 * unknown
            content += (key + below.to_bytes(8, "little")) * 200 + key
            below = at
        content[reference:reference + 8] = below.to_bytes(8, "little")
        f.seek(0)
        f.write(content)


def table_that_claims(name):
    """The extensible array of the chunks says that it has 1.9 billion of them."""
    chunked(name, np.zeros((H, W), "u1"), libver="latest", chunks=(2, W), maxshape=(None, W))
    with open(name, "r+b") as f:
        content = bytearray(f.read())
        at = content.index(b"EAHD") + 12 + 4 * 8
        content[at:at + 8] = (0x70000000).to_bytes(8, "little")
        f.seek(0)
        f.write(content)


def shared_string(name):
    """A KNMI file whose unit is one array of strings, all of which refer to the same one."""
    count, length = 3800, 8192
    kind = np.dtype((h5py.string_dtype("ascii"), (count,)))
    with h5py.File(name, "w") as f:
        for group in ("overview", "geographic", "image1"):
            f.create_group(group)
        f["image1/image_data"] = np.zeros((H, W), "u1")
        a = h5py.h5a.create(f["image1"].id, b"image_geo_parameter", h5py.h5t.py_create(kind, logical=True),
                            h5py.h5s.create(h5py.h5s.SCALAR))
        texts = np.empty(count, h5py.string_dtype("ascii"))
        texts[:] = ""
        texts[0] = "x" * length
        a.write(texts, mtype=h5py.h5t.py_create(kind))
    with open(name, "r+b") as f:
        content = bytearray(f.read())
        # A reference has 16 bytes: the length, the address of the heap and the object's number there.
        at = next(at for at in range(len(content) - 16)
                  if content[at:at + 4] == length.to_bytes(4, "little")
                  and content.startswith(b"GCOL", int.from_bytes(content[at + 4:at + 12], "little")))
        content[at:at + 16 * count] = content[at:at + 16] * count
        f.seek(0)
        f.write(content)


def main():
    corners(1.9e6, -2.0e6, 2000.0)
    expected = {"corners": CORNERS}
    raw = rng.integers(2, 254, (H, W), dtype="u1")
    raw[0, :3] = 255
    raw[1, :3] = 0
    dbz = {"quantity": "DBZH", "gain": 0.5, "offset": -32.0, "nodata": 255.0, "undetect": 0.0}
    odim("odim_dbzh.h5", raw, dbz, how={"zr_a": 223.0, "zr_b": 1.53})
    values = raw * 0.5 - 32.0
    values[raw == 255] = np.nan
    expected["odim_dbzh.h5"] = values.tolist()
    # As some services write it: no gain, no offset, contiguous.
    rate = rng.gamma(0.4, 4, (H, W)).astype("f4")
    rate[0, 0] = 4321.5
    odim("odim_plain.h5", rate, {"quantity": "RATE"}, chunks=False)
    expected["odim_plain.h5"] = rate.astype(float).tolist()
    odim("odim_1205.h5", raw, dbz, time="120500", how={"zr_a": 223.0, "zr_b": 1.53})
    odim("odim_nan_projdef.h5", raw, dbz, projdef=np.float64("nan"))
    odim("odim_nan_lat.h5", raw, dbz, projdef=PROJDEF.replace("55.0", "nan"))
    odim("odim_nan_scale.h5", raw, dbz, where={"xscale": np.nan})
    odim("odim_other_grid.h5", raw[:-1], dbz, time="121000", projdef=None, where={"ysize": H - 1})
    odim("odim_accumulation.h5", raw.astype("i4"),
         {"quantity": "ACRR", "gain": 0.01, "offset": 0.0, "startdate": "20240501", "starttime": "110000",
          "enddate": "20240501", "endtime": "120000"})

    frames = rng.gamma(0.4, 4, (3, H, W)).astype("f4")
    frames[1, 2, 3] = np.nan
    for name, kind, order in (("cf4.nc", "NETCDF4", 1), ("cf3.nc", "NETCDF3_CLASSIC", -1), ("cf5.nc", "NETCDF3_64BIT_DATA", -1)):
        with netCDF4.Dataset(name, "w", format=kind) as d:
            d.createDimension("time", None)
            d.createDimension("y", H)
            d.createDimension("x", W)
            t = d.createVariable("time", "f8", ("time",))
            t.units = "minutes since 2024-05-01 12:00:00"
            t.calendar = "standard"
            t[:] = [0, 5, 10]
            y = d.createVariable("y", "f4", ("y",))
            y.standard_name, y.units = "projection_y_coordinate", "m"
            y[:] = (-2.0e6 - 1000 - 2000 * np.arange(H))[::order]
            x = d.createVariable("x", "f4", ("x",))
            x.standard_name, x.units = "projection_x_coordinate", "m"
            x[:] = 1.9e6 + 1000 + 2000 * np.arange(W)
            m = d.createVariable("crs", "i4", ())
            m.grid_mapping_name = "lambert_azimuthal_equal_area"
            m.longitude_of_projection_origin, m.latitude_of_projection_origin = 10.0, 55.0
            m.false_easting, m.false_northing = 1950000.0, -2100000.0
            m.semi_major_axis, m.inverse_flattening = 6378137.0, 298.257223563
            v = d.createVariable("rainfall_rate", "i2", ("time", "y", "x"), fill_value=-1,
                                 **({"zlib": True, "shuffle": True} if kind == "NETCDF4" else {}))
            v.scale_factor, v.units, v.grid_mapping = 0.01, "mm h-1", "crs"
            v[:] = np.ma.masked_invalid(frames)[:, ::order]
        with netCDF4.Dataset(name) as d:
            back = np.ma.filled(d["rainfall_rate"][:].astype(float), np.nan)[:, ::order]
            expected[name] = back.tolist()

    tifffile.imwrite("float.tif", frames[0], compression="deflate", extratags=[
        (33550, "d", 3, (2000.0, 2000.0, 0.0)), (33922, "d", 6, (0.0, 0.0, 0.0, 5e5, 6e6, 0.0)),
        (34735, "H", 16, (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 3067)),
        (42113, "s", 0, "-9999"), (306, "s", 0, "2024:05:01 12:00:00")])
    tifffile.imwrite("integer.tif", (frames[0] * 100).astype("u2"), tile=(16, 16), compression="lzw", byteorder=">", extratags=[(42113, "s", 0, "65535"), (306, "s", 0, "2024:05:01 12:00:00")])
    tifffile.imwrite("predictor.tif", (frames[0] * 100).astype("u2"), compression="deflate", predictor=True)
    expected["float.tif"] = frames[0].astype(float).tolist()
    expected["integer.tif"] = (frames[0] * 100).astype("u2").tolist()

    with open("grey.pgm", "wb") as f:
        f.write(b"P5\n# obstime 202405011200\n%d %d\n255\n" % (W, H) + raw.tobytes())
    with open("wide.pgm.gz", "wb") as f:
        f.write(gzip.compress(b"P5 %d %d 65535\n" % (W, H) + raw.astype(">u2").tobytes(), mtime=0))
    image = Image.fromarray(raw, "P")
    image.putpalette(bytes(i // 3 for i in range(768)))
    image.save("palette.gif")
    expected["grey.pgm"] = expected["wide.pgm.gz"] = raw.tolist()
    expected["palette.gif"] = np.asarray(Image.open("palette.gif")).tolist()  # Pillow sorts the palette.
    large_chunks("large_chunks.h5")
    shared_string("shared_string.h5")
    chunked("padded_chunks.h5", np.zeros((H, W), "u1"), maxshape=(None, None), chunks=(H, 1 << 17), compression="gzip")
    chunked("many_chunks.h5", np.zeros((H, W), "u1"), maxshape=(None, None), chunks=(1, 1), fillvalue=0)
    with h5py.File("many_chunks.h5", "a") as f:
        f["dataset1/data1/data"].resize((1024, 1024))
        where = f["where"].attrs
        where["xsize"] = where["ysize"] = 1024
        where["xscale"], where["yscale"] = W * 2000 / 1024, H * 2000 / 1024
    tree_without_end("tree_without_end.h5")
    table_that_claims("table_that_claims.h5")
    indexed = np.arange(H * W, dtype="u1").reshape(H, W)
    chunked("layout_of_version_5.h5", indexed, libver="latest", chunks=(2, 3), compression="gzip")  # of HDF5 2.0
    chunked("fixed_array.h5", indexed, libver=("v110", "v110"), chunks=(2, 3), shuffle=True, compression="gzip")
    chunked("extensible_array.h5", indexed, libver=("v110", "v110"), chunks=(2, 3), maxshape=(None, W))
    chunked("tree_of_version_2.h5", indexed, libver=("v110", "v110"), chunks=(2, 3), maxshape=(None, None))
    with open("radar_files.json", "w") as f:
        f.write(json.dumps(expected).replace("NaN", "null"))


main()
