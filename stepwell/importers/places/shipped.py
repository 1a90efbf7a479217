"""Reads what comes with Stepwell: the table of cities, and the US ZIP codes of a package."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from stepwell.domain.place_names import Known, spellings
from stepwell.importers.places.gather import Gathered

CITIES = Path(__file__).parent / "cities.tsv.gz"
LONGEST_NAME = 80
MILITARY = "MILITARY"


def cities_fingerprint() -> str:
    """Return what tells this table of cities from another."""
    return sha256(CITIES.read_bytes()).hexdigest()


def cities() -> Iterator[tuple[Known, frozenset[str]]]:
    """Yield each city with the forms under which it is found."""
    text = gzip.decompress(CITIES.read_bytes()).decode()
    for row in csv.reader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        country, region, name, lat, lon, size, others = row
        known = Known(country, name[:LONGEST_NAME], region, "", float(lat), float(lon), int(size))
        yield known, spellings(name, filter(None, others.split("|")))


def zip_codes_fingerprint() -> str:
    """Return the version of the package that holds the ZIP codes."""
    return version("zipcodes")


def zip_codes() -> Iterator[tuple[Known, frozenset[str]]]:
    """Yield each US ZIP code, and each town they name, at the middle of its ZIP codes.

    Military post offices abroad carry the country they lie in and no point. A
    code that is no longer in use stays: people still type it.
    """
    # Read here and nowhere else: the package unpacks all of its rows when it is imported.
    rows: list[Mapping[str, Any]] = import_module("zipcodes").list_all()
    gathered = Gathered()
    for row in rows:
        lat, lon = float(row["lat"] or 0), float(row["long"] or 0)
        usable = row["country"] == "US" and row["zip_code_type"] != MILITARY and (lat or lon)
        if not usable:
            continue
        gathered.add("US", row["state"], row["zip_code"], row["city"], lat, lon)
        for name in row["acceptable_cities"]:
            gathered.add("US", row["state"], "", name, lat, lon)
    yield from gathered.places()
