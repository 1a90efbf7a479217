"""Reads a postal file of GeoNames: twelve columns, tab-separated, plain or in a zip.

Everything is read and checked before anything is stored; a killed import leaves
what was there, and is simply begun again.
"""

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from stepwell.domain.countries import is_country
from stepwell.domain.places import is_on_the_globe, postcode_district
from stepwell.importers.check import FEW_ROWS, MOST_REJECTED
from stepwell.importers.places.gather import Gathered
from stepwell.importers.places.load import is_loaded, replace
from stepwell.importers.places.shipped import LONGEST_NAME
from stepwell.importers.records import ImportRefused

COLUMNS = 12
LONGEST_DISTRICT = 12
LARGEST_BYTES = 2**30  # of the text; the file of all countries has a tenth of that
FIRST_TOLD = 5
EVERY = 100_000
Progress = Callable[[str], None]


class Row(NamedTuple):
    """A row that can be used."""

    country: str
    region: str
    district: str
    name: str
    lat: float
    lon: float


@dataclass
class Outcome:
    """What became of a file: every row is in one of the counts."""

    file: str
    fate: str = "loaded"  # or: dry run, unchanged
    used: int = 0
    left_out: int = 0  # of another country than was asked for
    rejected: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)  # where the first rejects stand
    names: dict[str, int] = field(default_factory=dict)  # by country: what can be found now

    @property
    def read(self) -> int:
        """Return how many rows the file has."""
        return self.used + self.left_out + self.rejected.total()


def import_postal(
    path: Path,
    *,
    country: str = "",
    clock: Callable[[], datetime],
    dry_run: bool = False,
    progress: Progress = lambda step: None,
) -> Outcome:
    """Load a postal file, each country's names replacing those of the last file."""
    if country and not is_country(country):
        raise ImportRefused(f"{country}: there is no such country. Use its ISO code, such as GB.")
    outcome = Outcome(path.name)
    gathered: dict[str, Gathered] = {}
    for row in rows(path, country, outcome, progress):
        gathered.setdefault(row.country, Gathered()).add(
            row.country, row.region, row.district, row.name, row.lat, row.lon
        )
    check(outcome)
    with path.open("rb") as file:
        fingerprint = file_digest(file, "sha256").hexdigest()
    loaded = 0
    for code, found in gathered.items():
        source = f"geonames-{code}"
        outcome.names[code] = len(found.districts) + len(found.towns)
        if dry_run or is_loaded(source, fingerprint):
            continue
        progress(f"Storing {code}")
        replace(source, path.name, fingerprint, found.places(), clock())
        loaded += 1
    outcome.fate = "dry run" if dry_run else "loaded" if loaded else "unchanged"
    return outcome


def check(outcome: Outcome) -> None:
    """Raise ImportRefused when the file is not what it was taken for."""
    rejected = outcome.rejected.total()
    if outcome.read and not outcome.used and not rejected:
        raise ImportRefused(f"{outcome.file}: no row is of that country. Nothing was changed.")
    if not outcome.read:
        raise ImportRefused(f"{outcome.file}: it holds no rows. Nothing was changed.")
    many = outcome.read >= FEW_ROWS and rejected > MOST_REJECTED * outcome.read
    if many or not outcome.used:
        raise ImportRefused(
            f"{outcome.file}: {rejected} of {outcome.read} rows cannot be used, so nothing was "
            f"changed. The first: {outcome.first[0]}. Use a file from GeoNames' postal codes."
        )


def rows(path: Path, country: str, outcome: Outcome, progress: Progress) -> Iterator[Row]:
    """Yield the rows that can be used, and count all."""
    with opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if number % EVERY == 0:
                progress(f"Reading row {number:,}")
            found = row_of(line.rstrip("\r\n").split("\t"))
            if isinstance(found, str):
                outcome.rejected[found] += 1
                if len(outcome.first) < FIRST_TOLD:
                    outcome.first.append(f"row {number}: {found}")
            elif country and found.country != country:
                outcome.left_out += 1
            else:
                outcome.used += 1
                yield found


def row_of(cells: list[str]) -> Row | str:
    """Return a row, or why it cannot be used."""
    if len(cells) != COLUMNS:
        return f"it has {len(cells)} columns and not {COLUMNS}"
    country, code, name, region = (cell.strip() for cell in cells[:4])
    if not is_country(country):
        return "column 1 is no country code"
    district = postcode_district(country, code)
    if not district or len(district) > LONGEST_DISTRICT:
        return "column 2 has not the form of a postcode of its country"
    try:
        lat, lon = float(cells[9]), float(cells[10])
    except ValueError:
        return "columns 10 and 11 are not two numbers"
    if not is_on_the_globe(lat, lon) or (lat == 0 and lon == 0):
        return "columns 10 and 11 are no point on the globe"
    if not name:
        return "column 3, the name of the place, is empty"
    return Row(country, region[:LONGEST_NAME], district, name[:LONGEST_NAME], lat, lon)


@contextmanager
def opened(path: Path) -> Iterator[TextIOWrapper]:
    """Open the text of a file, or of the one postal file in a zip; raise ImportRefused."""
    try:
        if not zipfile.is_zipfile(path):
            check_size(path.name, path.stat().st_size)
            with path.open(encoding="utf-8-sig", errors="strict", newline="\n") as lines:
                yield lines
            return
        with zipfile.ZipFile(path) as archive:
            member = member_of(archive, path.name)
            check_size(path.name, member.file_size)
            with archive.open(member) as raw:
                yield TextIOWrapper(raw, encoding="utf-8-sig", newline="\n")
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{path.name}: it is not UTF-8. Get the file again.") from error
    except zipfile.BadZipFile as error:
        raise ImportRefused(f"{path.name}: the zip is damaged. Get the file again.") from error


def member_of(archive: zipfile.ZipFile, file: str) -> zipfile.ZipInfo:
    """Return the one text file of an archive that is no read-me; raise ImportRefused."""
    texts = [
        one
        for one in archive.infolist()
        if one.filename.lower().endswith(".txt") and "readme" not in one.filename.lower()
    ]
    if len(texts) != 1:
        raise ImportRefused(f"{file}: it holds {len(texts)} postal files and not one. Unpack it.")
    return texts[0]


def check_size(file: str, size: int) -> None:
    """Raise ImportRefused when a file is larger than any of its kind."""
    if size > LARGEST_BYTES:
        raise ImportRefused(f"{file}: it is larger than {LARGEST_BYTES // 2**20} MB unpacked.")
