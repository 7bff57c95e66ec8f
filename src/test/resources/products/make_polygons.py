"""Writes polygons.json: which pixels of projected grids lie in GeoJSON polygons, and the mean over them.

    python make_polygons.py        (pyproj 3.7, Shapely 2.1, NumPy 2.4; writes beside itself)

Each pixel's centre is taken back to longitude and latitude by PROJ and looked for in the polygon by Shapely, in the
plane of longitude and latitude, where RFC 7946 has its edges straight. The value at row r and column c is c + r / 10.
No centre lies within 20 m of an edge, so that how edges are bent on a map decides nothing.
"""

import json
import os

import numpy as np
import shapely
from pyproj import Proj

HERE = os.path.dirname(os.path.abspath(__file__))
HEIGHT, WIDTH = 44, 40
LEAST_METRES = 20
METRES_A_DEGREE = 111_000

FRANCE_TO_DENMARK = [
    [[[2.1, 48.7], [6.4, 49.2], [5.8, 51.4], [2.6, 51.1], [2.1, 48.7]], [[3.4, 49.4], [3.9, 50.6], [5.1, 50.3], [3.4, 49.4]]],
    [[[7.1, 52.3], [8.2, 52.9], [6.9, 53.6], [7.1, 52.3]]],
]
FINLAND = [
    [[[23.1, 60.3], [25.9, 60.2], [26.3, 61.4], [24.6, 61.9], [24.2, 61.1], [22.9, 61.6], [23.1, 60.3]]],
    [[[26.6, 60.6], [27.6, 60.7], [27.1, 61.9], [26.6, 60.6]], [[26.9, 60.8], [27.2, 60.9], [27.0, 61.2], [26.9, 60.8]]],
]
PLACES = [
    ("stereographic in km", "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378.137 +b=6356.752", "KILOMETRE", 20, (1.5, 54.0), FRANCE_TO_DENMARK),
    ("azimuthal equal area", "+proj=laea +lat_0=55 +lon_0=10 +x_0=1950000 +y_0=-2100000 +ellps=WGS84", "METRE", 20_000, (-1.0, 55.5), FRANCE_TO_DENMARK),
    ("conformal conic", "+proj=lcc +lat_1=45 +lat_2=55 +lat_0=50 +lon_0=5 +ellps=WGS84", "METRE", 20_000, (1.3, 54.4), FRANCE_TO_DENMARK),
    ("transverse Mercator", "+proj=utm +zone=35 +ellps=GRS80", "METRE", 7500, (22.5, 62.3), FINLAND),
    ("longitude and latitude", "+proj=longlat +ellps=WGS84", "DEGREE", 0.15, (22.471, 62.337), FINLAND),
]


def case(name, definition, unit, pixel, corner, polygons):
    geographic = "longlat" in definition
    plane = Proj(definition)
    west, north = corner if geographic else (round(value) for value in plane(*corner))
    x, y = np.meshgrid(west + (np.arange(WIDTH) + 0.5) * pixel, north - (np.arange(HEIGHT) + 0.5) * pixel)
    longitude, latitude = (x, y) if geographic else plane(x, y, inverse=True)
    region = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])
    assert region.is_valid
    inside = shapely.contains_xy(region, longitude, latitude)
    edges = shapely.distance(region.boundary, shapely.points(longitude, latitude))
    assert edges.min() * METRES_A_DEGREE * np.cos(np.radians(62)) > LEAST_METRES, (name, edges.min() * METRES_A_DEGREE)
    assert inside.any() and not (inside[0].any() or inside[-1].any() or inside[:, 0].any() or inside[:, -1].any()), name
    values = np.arange(WIDTH)[None, :] + np.arange(HEIGHT)[:, None] / 10
    return {
        "name": name, "projection": definition, "unit": unit, "pixel": pixel, "west": west, "north": north,
        "height": HEIGHT, "width": WIDTH, "polygon": {"type": "MultiPolygon", "coordinates": polygons},
        "pixels": int(inside.sum()), "mean": float(values[inside].mean()),
    }


with open(os.path.join(HERE, "polygons.json"), "w", encoding="utf-8") as file:
    json.dump([case(*place) for place in PLACES], file, indent=1)
    file.write("\n")
