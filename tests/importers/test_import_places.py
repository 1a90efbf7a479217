"""Names of places: what is shipped, and postal files with broken rows."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stepwell.apps.directory.models import PlaceName, PlaceSource
from stepwell.cli.importing import import_
from stepwell.importers.places import import_postal, load, load_shipped, shipped
from stepwell.importers.records import ImportRefused

pytestmark = pytest.mark.django_db
MOST_BYTES = 700_000


def clock() -> datetime:
    """Return the moment at which a test happens."""
    return datetime(2026, 11, 24, 12, tzinfo=UTC)


def line(country: str, code: str, name: str, lat: str, lon: str, region: str = "") -> str:
    """Return one row of a postal file."""
    return "\t".join([country, code, name, region, "", "", "", "", "", lat, lon, "4"])


GOOD = [
    line("GB", "ZE1", "Lerwick", "60.155", "-1.145", "Scotland"),
    line("GB", "ZE1 0AB", "Lerwick", "60.157", "-1.147", "Scotland"),
    line("GB", "ZE2", "Scalloway", "60.137", "-1.278", "Scotland"),
    line("IE", "T12", "Cork", "51.897", "-8.470"),
    line("CA", "X0A", "Iqaluit", "63.748", "-68.519"),
    line("AU", "0872", "Yulara", "-25.240", "130.988"),
    line("DE", "27498", "Helgoland", "54.182", "7.886"),
    line("US", "99546", "Adak", "51.88", "-176.658"),
    line("FJ", "A-1", "Somewhere", "-17", "179.9"),
    line("FJ", "A-1", "Somewhere", "-17", "-179.9"),
]
BROKEN = [
    "",
    "GB\tZE1\tLerwick",
    line("XX", "1", "Nowhere", "1", "1"),
    line("GB", "not a code", "Lerwick", "60", "-1"),
    line("GB", "ZE3", "Lerwick", "north", "-1"),
    line("GB", "ZE3", "Lerwick", "95", "-1"),
    line("GB", "ZE3", "Lerwick", "nan", "-1"),
    line("GB", "ZE3", "", "60", "-1"),
]


def write(path: Path, lines: list[str]) -> Path:
    """Write a postal file."""
    path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    return path


def stored() -> list[tuple[Any, ...]]:
    """Return all names."""
    columns = ("country", "folded", "district", "name", "region", "lat", "lon", "size")
    return sorted(PlaceName.objects.values_list(*columns))


def test_every_row_has_a_fate(tmp_path: Path) -> None:
    outcome = import_postal(write(tmp_path / "made_up.txt", GOOD + BROKEN), clock=clock)

    assert (outcome.read, outcome.used, outcome.left_out) == (18, 10, 0)
    assert outcome.rejected.total() == 8
    assert outcome.first[0] == "row 11: it has 1 columns and not 12"
    assert outcome.names == {"GB": 4, "IE": 2, "CA": 2, "AU": 2, "DE": 2, "US": 2, "FJ": 2}
    there = {(one[0], one[2] or one[1]): one for one in stored()}
    assert there["GB", "ZE1"][5:7] == pytest.approx((60.156, -1.146), abs=0.001)
    assert there["GB", "lerwick"][3:5] == ("Lerwick", "Scotland")
    assert abs(there["FJ", "A-1"][6]) == pytest.approx(180)


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "made_up.txt", GOOD)
    import_postal(path, clock=clock)
    before = list(PlaceName.objects.order_by("pk").values_list())

    again = import_postal(path, clock=clock)

    assert again.fate == "unchanged"
    assert list(PlaceName.objects.order_by("pk").values_list()) == before


def test_newer_file_replaces_its_country_only(tmp_path: Path) -> None:
    import_postal(write(tmp_path / "one.txt", GOOD), clock=clock)

    import_postal(write(tmp_path / "two.txt", [GOOD[2]]), clock=clock)

    assert set(PlaceName.objects.filter(country="GB").values_list("name", flat=True)) == {
        "Scalloway"
    }
    assert PlaceName.objects.filter(country="IE").count() == 2


def test_one_country_of_many(tmp_path: Path) -> None:
    outcome = import_postal(write(tmp_path / "all.txt", GOOD), country="IE", clock=clock)

    assert (outcome.used, outcome.left_out) == (1, 9)
    assert set(PlaceName.objects.values_list("country", flat=True)) == {"IE"}


def test_dry_run_stores_nothing(tmp_path: Path) -> None:
    outcome = import_postal(write(tmp_path / "all.txt", GOOD), clock=clock, dry_run=True)

    assert (outcome.fate, outcome.used) == ("dry run", 10)
    assert not PlaceSource.objects.exists()


def test_zip_is_read_without_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "GB.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.writestr("GB.txt", "\n".join(GOOD[:3]))

    assert import_postal(path, clock=clock).used == 3


@pytest.mark.parametrize(
    ("content", "country", "why"),
    [
        (b"", "", "holds no rows"),
        (b"a,b\n" * 20, "", "20 of 20 rows cannot be used"),
        ("\n".join(GOOD[:1] + BROKEN * 2).encode(), "", "16 of 17 rows"),
        ("\n".join(GOOD).encode(), "FR", "no row is of that country"),
        ("\n".join(GOOD).encode(), "QQ", "no such country"),
        (b"\xff\xfe\xff" * 9, "", "not UTF-8"),
        (b"PK\x05\x06" + b"\0" * 18, "", "0 postal files"),
    ],
)
def test_wrong_file_changes_nothing(tmp_path: Path, content: bytes, country: str, why: str) -> None:
    import_postal(write(tmp_path / "good.txt", GOOD), clock=clock)
    before = stored()
    path = tmp_path / "wrong.txt"
    path.write_bytes(content)

    with pytest.raises(ImportRefused, match=why):
        import_postal(path, country=country, clock=clock)

    assert stored() == before


def test_import_that_dies_while_storing_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_postal(write(tmp_path / "one.txt", GOOD[:3]), clock=clock)
    before = stored()
    monkeypatch.setattr(load, "COLUMNS", (*load.COLUMNS, "no_such_column"))

    with pytest.raises(Exception, match=r"no_such_column|parameters|bindings|placeholder"):
        import_postal(write(tmp_path / "two.txt", GOOD[2:3]), clock=clock)

    monkeypatch.undo()
    assert stored() == before
    assert import_postal(tmp_path / "two.txt", clock=clock).fate == "loaded"


def test_command_tells_and_ends_with_one_where_rows_were_rejected(tmp_path: Path) -> None:
    path = write(tmp_path / "made_up.txt", GOOD + BROKEN)

    told = CliRunner().invoke(import_, ["places", str(path), "--country", "gb", "--json"])

    assert told.exit_code == 1, told.exception
    document = json.loads(told.stdout)
    assert (document["rows"], document["used"], document["left_out"]) == (18, 3, 7)


def test_what_is_shipped_is_loaded_once() -> None:
    first = load_shipped(clock)
    newest = PlaceName.objects.latest("pk").pk

    second = load_shipped(clock)

    assert first == second
    assert first["cities"] > 50_000
    assert first["zipcodes"] > 75_000
    assert PlaceName.objects.latest("pk").pk == newest
    assert not PlaceName.objects.filter(source="zipcodes").exclude(country="US").exists()
    assert not PlaceName.objects.filter(lat=0, lon=0).exists()


def test_table_of_cities_is_small_and_as_the_readme_says() -> None:
    rows = list(shipped.cities())
    readme = (shipped.CITIES.parent / "README.md").read_text(encoding="utf-8")

    assert shipped.CITIES.stat().st_size <= MOST_BYTES
    assert f"{len(rows):,} places" in readme
    assert all(known.country and forms for known, forms in rows)
