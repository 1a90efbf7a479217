"""Which H3 cells hold everything within a distance, and of which size they should be."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import h3.api.basic_int as h3
import numpy as np

from stepwell.domain.places import EARTH_RADIUS_KM, Point


class Size(NamedTuple):
    """One size of cells: the column of a row that holds it, and up to which distance it serves."""

    resolution: int
    column: str
    edge_km: float  # on average
    up_to_km: float


# The finest first. Of finer cells there would be too many, of coarser ones too much in each.
SIZES = (Size(7, "c7", 1.41, 10), Size(5, "c5", 9.85, 65), Size(4, "c4", 26.07, float("inf")))
# From its centre to what is farthest in a cell: 1.094 edges at most, of 150,000 points of each
# size all over the world.
REACH = 1.2


def size_for(radius_km: float) -> Size:
    """Return the size of cells for a distance."""
    return next(size for size in SIZES if radius_km <= size.up_to_km)


def around(points: Sequence[Point], radius_km: float, size: Size) -> list[int]:
    """Return every cell in which something within the distance of one of the points can be.

    One ring more than the arithmetic asks for: without it a few are missed, because cells
    are not all of one size.
    """
    rings = ceil((radius_km + size.edge_km) / (1.5 * size.edge_km)) + 1
    found: set[int] = set()
    for point in points:
        disk = h3.grid_disk(h3.latlng_to_cell(point.lat, point.lon, size.resolution), rings)
        centres = np.radians(np.array([h3.cell_to_latlng(cell) for cell in disk]))
        lat, lon = np.radians(point.lat), np.radians(point.lon)
        along = (
            np.sin((centres[:, 0] - lat) / 2) ** 2
            + np.cos(lat) * np.cos(centres[:, 0]) * np.sin((centres[:, 1] - lon) / 2) ** 2
        )
        away = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(along, 1.0)))
        limit = radius_km + REACH * size.edge_km
        found.update(cell for cell, km in zip(disk, away, strict=True) if km <= limit)
    return sorted(found)
