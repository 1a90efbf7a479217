"""Which H3 cells hold everything within a distance, and of which size they should be."""

from collections.abc import Sequence
from math import ceil

import h3.api.basic_int as h3
import numpy as np

from stepwell.domain.places import EARTH_RADIUS_KM, Point

RESOLUTION, EDGE_KM = 5, 9.85  # the size of the cells, and how long their edges are on average
# From its centre to what is farthest in a cell: 1.094 edges at most, of 150,000 points all over
# the world.
REACH = 1.2
SMALLEST = 0.7  # cells are not all of one size: how short edges may be, of the average


def around(points: Sequence[Point], radius_km: float) -> list[int]:
    """Return every cell in which something within the distance of one of the points can be.

    So many rings as the smallest cells ask for, and one more: what is too far is left out again.
    """
    rings = ceil((radius_km + EDGE_KM) / (1.5 * EDGE_KM * SMALLEST)) + 1
    found: set[int] = set()
    for point in points:
        disk = h3.grid_disk(h3.latlng_to_cell(point.lat, point.lon, RESOLUTION), rings)
        centres = np.radians(np.array([h3.cell_to_latlng(cell) for cell in disk]))
        lat, lon = np.radians(point.lat), np.radians(point.lon)
        along = (
            np.sin((centres[:, 0] - lat) / 2) ** 2
            + np.cos(lat) * np.cos(centres[:, 0]) * np.sin((centres[:, 1] - lon) / 2) ** 2
        )
        away = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(along, 1.0)))
        limit = radius_km + REACH * EDGE_KM
        found.update(cell for cell, km in zip(disk, away, strict=True) if km <= limit)
    return sorted(found)
