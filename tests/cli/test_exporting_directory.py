"""The directory as files: only what is shown, the same bytes twice, safe in a spreadsheet."""

import csv
import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class

from stepwell.api.fhir import bulk
from stepwell.api.fhir.names import Publisher
from stepwell.apps.audit.models import Event
from stepwell.apps.directory import published, spreadsheets
from stepwell.apps.directory.models import Family, Fate, Listing, Provider
from stepwell.cli.main import stepwell
from stepwell.importers import starter
from stepwell.importers.runs import import_listings
from tests.apps.directory.build import make_credential, make_listing, make_place, make_provider

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch):
    """It is the day of the builders."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(stepwell, ["export", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result


def rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def hide_some() -> None:
    """Store listings that nobody may see, each full of canaries."""
    for number, hidden in enumerate(
        (
            {"standing": "hidden"},
            {"standing": "withdrawn"},
            {"consent": "none"},
            {"confirmed_on": TODAY - timedelta(days=91)},
        )
    ):
        provider = make_provider(name=f"CANARY {number}")
        place = make_place(town="CANARYTOWN", street=f"{number} CANARY Road")
        make_listing(provider=provider, place=place, name="CANARY", phone="CANARY", **hidden)
    ended = make_provider(name="CANARY ended")
    make_credential(ended, expires_on=TODAY - timedelta(days=1))
    make_listing(provider=ended, name="CANARY")
    excluded = make_provider(name="CANARY excluded")
    type(excluded).objects.filter(pk=excluded.pk).update(excluded_on=TODAY)
    make_listing(provider=excluded, name="CANARY")


def tell_all() -> Listing:
    """Store a listing that says all there is to say."""
    provider = make_provider(name="Jo & Ann", type="person")
    provider.about, provider.web = "Two people", "https://example.org/"
    provider.save()
    make_credential(provider)
    return make_listing(
        provider=provider,
        place=make_place(street="1 Open Road"),
        name='Talk, "quoted"; and more',
        about="First line\n\nSecond & last",
        remote=True,
        cost="low",
        cost_note="By income",
        fee_from=4000,
        fee_to=8050,
        currency="GBP",
        sliding_scale=True,
        accepting="waiting_list",
        accepting_on=TODAY,
        wait_weeks=6,
        seats_open=2,
        seats_on=TODAY,
        minimum_age=18,
        maximum_age=65,
        phone="+44 1632 960001",
        email="jo@example.org",
        web="https://example.org/",
        confidentiality="",
        languages=frozenset({"en", "pl"}),
        serves=frozenset({"GB", "IE"}),
        terms={
            Family.NEED: frozenset({"low_mood"}),
            Family.FORMAT: frozenset({"video", "one_to_one"}),
            Family.APPROACH: frozenset({"cbt"}),
            Family.CONTACT: frozenset({"withheld_number"}),
        },
    )


def test_every_line_is_valid_and_the_manifest_counts_them(tmp_path: Path) -> None:
    starter.load()

    run("fhir", tmp_path / "out")

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["requiresAccessToken"] is False
    assert {one["type"] for one in manifest["output"]} >= {"Organization", "HealthcareService"}
    for one in manifest["output"]:
        lines = gzip.decompress((tmp_path / "out" / one["url"]).read_bytes()).splitlines()
        assert len(lines) == one["count"]
        for line in lines:
            get_fhir_model_class(one["type"]).model_validate_json(line)
            assert b"HTEST" in line  # the whole starter network is fictional
    assert Event.objects.filter(verb="export", thing="directory:fhir").count() == 1


def test_two_exports_are_the_same_to_the_last_byte_and_replace_each_other(tmp_path: Path) -> None:
    tell_all()
    run("fhir", tmp_path / "out")
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.gz")}

    run("fhir", tmp_path / "out")

    second = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.gz")}
    assert first == second
    assert len(first) == 6
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_rows_come_a_batch_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(published, "BATCH", 4)
    for _ in range(10):
        make_listing()
    shelf = bulk.SHELVES["HealthcareService"]
    publisher = Publisher("https://network.example/fhir", "Network")

    with django_assert_num_queries(3 * 3):  # three batches: rows, terms, credentials
        told = list(bulk.resources(shelf, publisher, TODAY))

    assert len({one["id"] for one in told}) == 10


def test_an_export_that_breaks_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_listing()
    run("listings", tmp_path / "out.csv")
    before = (tmp_path / "out.csv").read_bytes()

    def broken(*_: object, **__: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(spreadsheets, "write", broken)
    result = CliRunner().invoke(stepwell, ["export", "listings", str(tmp_path / "out.csv")])

    assert result.exit_code != 0
    assert (tmp_path / "out.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_what_visitors_cannot_see_is_in_no_file(tmp_path: Path) -> None:
    hide_some()
    redacted = make_place(redacted=True, lat=53.801277, lon=-1.548567)
    make_listing(place=redacted, name="Shown")

    run("fhir", tmp_path / "fhir")
    run("listings", tmp_path / "people.csv")
    run("listings", tmp_path / "machine.csv", "--machine")

    told = b"".join(gzip.decompress(path.read_bytes()) for path in (tmp_path / "fhir").glob("*.gz"))
    told += (tmp_path / "people.csv").read_bytes() + (tmp_path / "machine.csv").read_bytes()
    assert b"Shown" in told
    assert b"CANARY" not in told


@pytest.mark.parametrize("start", ["=1+1", "+44 20", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_I7_no_cell_for_people_is_a_formula(tmp_path: Path, start: str) -> None:
    make_listing(name=f"{start} name", about=start, phone=start)

    run("listings", tmp_path / "people.csv")
    run("listings", tmp_path / "machine.csv", "--machine")

    [people] = rows(tmp_path / "people.csv", "utf-8-sig")
    [machine] = rows(tmp_path / "machine.csv")
    assert (people["Name"], people["About"], people["Phone"]) == (
        f"'{start} name",
        f"'{start}",
        f"'{start}",
    )
    assert not any(cell.startswith(spreadsheets.FORMULA_STARTS) for cell in people.values())
    assert machine["name"] == f"{start} name"


def test_an_example_says_so_in_a_spreadsheet(tmp_path: Path) -> None:
    make_listing(fictional=True)

    run("listings", tmp_path / "people.csv")

    [row] = rows(tmp_path / "people.csv", "utf-8-sig")
    assert row["Note"] == "Fictional example. Not a real service."


def test_no_listings_give_a_header_alone(tmp_path: Path) -> None:
    run("listings", tmp_path / "machine.csv", "--machine")

    assert (tmp_path / "machine.csv").read_text().strip() == ",".join(spreadsheets.FIELDS)


def snapshot() -> list[tuple[Any, ...]]:
    """Return all that is stored of listings, their providers, places, terms and licences."""
    held = "provider__credentials__number"
    columns = [field.attname for field in Listing._meta.fields]
    more = ["provider__name", "provider__about", "place__street", "terms__value", held]
    return sorted(map(str, Listing.objects.values_list(*columns, *more)))  # type: ignore[misc]


def bring_back(path: Path, *, dry_run: bool = False) -> dict[Fate, int]:
    report = import_listings(path, clock=lambda: NOW, dry_run=dry_run)
    return {fate: count for fate, count in report.counts.items() if count}


def test_what_left_for_programs_comes_back_and_changes_nothing(tmp_path: Path) -> None:
    starter.load()
    tell_all()
    hide_some()
    make_listing(place=make_place(redacted=True, district="LS2"))
    run("listings", tmp_path / "machine.csv", "--machine")
    shown = len(rows(tmp_path / "machine.csv"))
    before = snapshot()

    assert bring_back(tmp_path / "machine.csv", dry_run=True) == {Fate.UNCHANGED: shown}
    assert bring_back(tmp_path / "machine.csv") == {Fate.UNCHANGED: shown}
    assert snapshot() == before


def test_what_was_changed_in_between_is_the_only_thing_that_changes(tmp_path: Path) -> None:
    tell_all()
    make_listing()
    run("listings", tmp_path / "machine.csv", "--machine")
    Provider.objects.all().delete()
    bring_back(tmp_path / "machine.csv")  # now with the ids that imports give
    text = (tmp_path / "machine.csv").read_text()
    (tmp_path / "machine.csv").write_text(text.replace("By income", "Ask us"))

    assert bring_back(tmp_path / "machine.csv") == {Fate.UNCHANGED: 1, Fate.UPDATED: 1}

    now = Listing.objects.get(name__startswith="Talk")
    assert (now.cost_note, now.fee_from, now.wait_weeks) == ("Ask us", 4000, 6)


def test_it_fills_an_empty_directory_as_it_was(tmp_path: Path) -> None:
    tell_all()
    run("listings", tmp_path / "machine.csv", "--machine")
    first = (tmp_path / "machine.csv").read_text()
    Provider.objects.all().delete()

    assert bring_back(tmp_path / "machine.csv") == {Fate.IMPORTED: 1}

    run("listings", tmp_path / "again.csv", "--machine")
    assert (tmp_path / "again.csv").read_text() == first


def test_a_row_without_a_usable_source_is_refused(tmp_path: Path) -> None:
    make_listing()
    run("listings", tmp_path / "machine.csv", "--machine")
    text = (tmp_path / "machine.csv").read_text().replace("\ntest,", "\nA Source,")
    (tmp_path / "machine.csv").write_text(text)

    result = CliRunner().invoke(stepwell, ["import", "listings", str(tmp_path / "machine.csv")])

    assert "is no name of a source" in str(result.exception)


def test_the_day_decides_what_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_listing()
    later = date(2027, 3, 1)
    monkeypatch.setattr(timezone, "localdate", lambda: later)

    run("listings", tmp_path / "machine.csv", "--machine")

    assert rows(tmp_path / "machine.csv") == []
