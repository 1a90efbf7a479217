"""Where something is, as coarsely as finding it allows.

Nobody is asked for more than a town or a postcode district, and what somebody
types beyond that is cut off before anything else happens.
"""

import re
from collections.abc import Iterable, Mapping
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
LONGEST_PLACE = 60
MANY_POINTS = 200
MOST_POINTS = 8  # so many points are looked around at once
DISTANCES_KM = (5, 15, 40)  # the bands in which distances are told

WITHIN_KM = (5, 15, 40, 100, 200)  # how far somebody can say they would go

# What stays of a postcode, by country: enough to find a town, not a door.
DISTRICTS: Mapping[str, str] = MappingProxyType(
    {
        "GB": r"([A-Z]{1,2}[0-9][0-9A-Z]?)(?:[0-9][A-Z]{2})?",  # outward code
        "US": r"([0-9]{5})(?:-?[0-9]{4})?",
        "IE": r"([A-Z][0-9][0-9W])(?:[0-9A-Z]{4})?",  # routing key
        "CA": r"([A-Z][0-9][A-Z])(?:[0-9][A-Z][0-9])?",  # forward sortation area
        "AU": r"([0-9]{4})",
        "DE": r"([0-9]{5})",
    }
)


class Point(NamedTuple):
    """A place on the globe, in degrees."""

    lat: float
    lon: float


def is_on_the_globe(lat: float, lon: float) -> bool:
    """Say whether two numbers can be a latitude and a longitude."""
    return -90 <= lat <= 90 and -180 <= lon <= 180


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance in kilometres (haversine)."""
    half_lat = radians(other.lat - one.lat) / 2
    half_lon = radians(other.lon - one.lon) / 2
    along = cos(radians(one.lat)) * cos(radians(other.lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(sin(half_lat) ** 2 + along)))


def spread(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return at most MOST_POINTS of some points, as far apart from each other as can be.

    A town may have thousands of addresses; what is near to one of a few spread all over
    it is near to the town. Addresses within some five km of each other count as one then.
    """
    left = sorted(set(points))
    if len(left) > MANY_POINTS:
        left = sorted(
            {(round(lat * 20), round(lon * 20)): Point(lat, lon) for lat, lon in left}.values()
        )
    kept = left[:1]
    away = [distance_km(point, kept[0]) for point in left] if kept else []
    while len(kept) < min(MOST_POINTS, len(left)):
        farthest = max(range(len(left)), key=away.__getitem__)
        kept.append(left[farthest])
        away = [min(km, distance_km(point, kept[-1])) for km, point in zip(away, left, strict=True)]
    return tuple(kept)


def postcode_district(country: str, postcode: str) -> str:
    """Return the district of a postcode, or "" when it has not the form of that country.

    For a country whose form we do not know, the part before the first space or
    hyphen that holds a number: 1000 of 1000-205, but the whole of LV-1010.
    """
    tidy = postcode.strip().upper()
    form = DISTRICTS.get(country)
    if form is None:
        first = re.split("[ -]", tidy)[0]
        return first if any(sign.isdigit() for sign in first) else tidy
    found = re.fullmatch(form, tidy.replace(" ", ""), flags=re.ASCII)
    return found.group(1) if found else ""


def districts_meant(text: str, country: str) -> frozenset[str]:
    """Return the districts a text may name: in one country, or in any that we know."""
    countries = [country] if country else list(DISTRICTS)
    return frozenset(filter(None, (postcode_district(code, text) for code in countries)))
