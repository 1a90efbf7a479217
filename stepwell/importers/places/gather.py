"""Gathers rows of postcodes into districts and towns, each at the middle of its rows.

A whole country's full postcodes (1.8 million rows in GB) become some thousands
of districts while they are read, so memory stays flat.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, radians, sin

from stepwell.domain.place_names import Known, fold, spellings

Key = tuple[str, str, str]


@dataclass
class Middle:
    """The sum of points on the globe, as vectors, so that the date line is no seam."""

    name: str
    region: str
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    rows: int = 0

    def add(self, lat: float, lon: float) -> None:
        """Add one point."""
        up, along = radians(lat), radians(lon)
        self.x += cos(up) * cos(along)
        self.y += cos(up) * sin(along)
        self.z += sin(up)
        self.rows += 1

    def point(self) -> tuple[float, float]:
        """Return the middle as latitude and longitude, to about a metre."""
        lat = degrees(atan2(self.z, hypot(self.x, self.y)))
        return round(lat, 5), round(degrees(atan2(self.y, self.x)), 5)


@dataclass
class Gathered:
    """Districts and towns as they come in."""

    districts: dict[Key, Middle] = field(default_factory=dict)
    towns: dict[Key, Middle] = field(default_factory=dict)

    def add(
        self, country: str, region: str, district: str, name: str, lat: float, lon: float
    ) -> None:
        """Add one row; one without a district only names a town."""
        if district:
            key = (country, district, "")
            self.districts.setdefault(key, Middle(name, region)).add(lat, lon)
        folded = fold(name)
        if folded:
            key = (country, region, folded)
            self.towns.setdefault(key, Middle(name, region)).add(lat, lon)

    def places(self) -> Iterator[tuple[Known, frozenset[str]]]:
        """Yield each district and town with the forms under which it is found."""
        for (country, district, _), there in self.districts.items():
            lat, lon = there.point()
            yield Known(country, there.name, there.region, district, lat, lon, 0), frozenset()
        for (country, region, _), there in self.towns.items():
            lat, lon = there.point()
            yield Known(country, there.name, region, "", lat, lon, 0), spellings(there.name)
