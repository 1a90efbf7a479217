"""How far rows are from where it was asked: quickly for all, exactly where it could matter.

Nothing but the bands of distance is asked of a distance, so it has to be right about each
limit and no more. What lies within a thousandth of a limit is measured by the rule.
"""

import numpy as np

from stepwell.apps.directory.finding import judging
from stepwell.apps.directory.finding.columns import Array
from stepwell.apps.directory.snapshot.table import Table
from stepwell.domain.offers import Preferences
from stepwell.domain.places import DISTANCES_KM, EARTH_RADIUS_KM, Point

SLACK = 0.001
# Where the plane is near enough to the globe: within so many km, so far from the poles.
FLAT_KM, FLAT_LAT = 70, 75
EXACT = np.dtype([("lat", "<f8"), ("lon", "<f8")])


def distances(table: Table, wanted: Preferences) -> Array:
    """Return the distance in km of each row to the nearest point asked for."""
    away: Array = np.full(len(table), judging.NOWHERE)
    if not wanted.near or not len(table):
        return away
    limits = sorted({*DISTANCES_KM, wanted.within_km})
    if limits[-1] > FLAT_KM or any(abs(point.lat) > FLAT_LAT for point in wanted.near):
        return judging.distances(exact(table, np.ones(len(table), bool)), wanted)
    many = len(table.rows)
    lat, lon = (table.columns.degrees(name, table.rows) for name in ("lat", "lon"))
    for point in wanted.near:
        away[:many] = np.fmin(away[:many], flat(lat, lon, point))
    unsure = np.zeros(len(table), bool)
    unsure[many:] = True
    for limit in limits:
        unsure[:many] |= np.abs(away[:many] - limit) <= SLACK * limit
    away[unsure] = judging.distances(exact(table, unsure), wanted)
    return away


def flat(lat: Array, lon: Array, point: Point) -> Array:
    """Return distances on a plane that touches the globe between the two."""
    up = np.radians(lat - point.lat)
    along = np.radians((lon - point.lon + 180) % 360 - 180)
    slant = np.cos(np.radians(point.lat)) * (1 - up * up / 8)
    slant -= np.sin(np.radians(point.lat)) * up / 2
    along *= slant
    away: Array = EARTH_RADIUS_KM * np.sqrt(up * up + along * along)
    return away


def exact(table: Table, which: Array) -> Array:
    """Return the points of some rows as they were given."""
    some = table[which]
    points = np.zeros(len(some), EXACT)
    for name in ("lat", "lon"):
        points[name] = some[name]
    return points
