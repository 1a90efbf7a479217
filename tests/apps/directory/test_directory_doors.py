"""One listing, every door out of the directory: what may not be shown leaves by none of them."""

import gzip
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from stepwell.api.fhir import bulk
from stepwell.api.fhir.views import publisher
from stepwell.apps.directory import spreadsheets
from stepwell.apps.directory.actions import make_findable
from stepwell.apps.directory.models import Listing, Provider
from stepwell.cli import export_hsds
from stepwell.domain.credentials import State
from stepwell.domain.offers import Consent, Standing
from stepwell.importers.runs import import_listings
from tests.apps.directory.build import make_credential, make_listing, make_provider

pytestmark = pytest.mark.django_db

NAME = "Zanzibarry Example Counselling"
PROVIDER = "Zanzibarry Example Trust"
# Its name, and the address of the one town page that exists because of it.
MARKS = ("Zanzibarry Example", "/kinds/counselling/gb/leeds/")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PRIVATE = ("Hidden Lane", "1632960999", "1632 960999", "53.8123", "1.5512")
ROWS = (
    "Ref,Name,Run by,Kind,Country,Town,Post,Phone,Phone private,Street,Street private\n"
    f"1,{NAME},{PROVIDER},counselling,GB,Leeds,LS1 4AP,01632960999,yes,12 Hidden Lane,yes\n"
)
MAP = """
source = "test"
consent = "organisation"
[columns]
id = "Ref"
name = "Name"
provider = "Run by"
kind = "Kind"
country = "Country"
town = "Town"
postcode = "Post"
phone = "Phone"
street = "Street"
[defaults]
confirmed_on = "2026-11-20"
latitude = "53.8123"
longitude = "-1.5512"
[private]
phone = "Phone private"
street = "Street private"
"""


@pytest.fixture(autouse=True)
def noon() -> Iterator[mock.Mock]:
    """A clock that stands, until a test turns it."""
    with mock.patch.object(timezone, "now", return_value=NOON) as clock:
        yield clock


@pytest.fixture
def listing() -> Listing:
    """A listing that is shown today: confirmed 90 days ago, a licence that ends tomorrow."""
    provider = make_provider(name=PROVIDER)
    one = make_listing(
        provider=provider, name=NAME, confirmed_on=TODAY - timedelta(days=90), remote=False
    )
    make_credential(provider, state=State.CLAIMED, expires_on=TODAY + timedelta(days=1))
    make_findable([one.pk])
    return one


def page(address: str) -> Callable[[Client, Listing, Path], str]:
    return lambda client, listing, folder: client.get(
        address.format(id=listing.pk)
    ).content.decode()


def posted(address: str, **said: str) -> Callable[[Client, Listing, Path], str]:
    return lambda client, listing, folder: client.post(address, said).content.decode()


def csv(*, machine: bool) -> Callable[[Client, Listing, Path], str]:
    def write(client: Client, listing: Listing, folder: Path) -> str:
        out = io.StringIO()
        spreadsheets.write(out, timezone.localdate(), machine=machine)
        return out.getvalue()

    return write


def fhir_files(client: Client, listing: Listing, folder: Path) -> str:
    bulk.write(
        folder, publisher(), at=timezone.now(), today=timezone.localdate(), told=lambda words: None
    )
    return "".join(gzip.decompress(file.read_bytes()).decode() for file in folder.glob("*.gz"))


def hsds_file(client: Client, listing: Listing, folder: Path) -> str:
    export_hsds.write_json(folder / "all.json", lambda words: None, uk=False, examples=True)
    return (folder / "all.json").read_text()


def hsds_tables(client: Client, listing: Listing, folder: Path) -> str:
    export_hsds.write_tables(folder, lambda words: None, examples=True)
    return "".join(file.read_text() for file in folder.glob("*.csv"))


DOORS = {
    "search": posted("/find/", kind="counselling"),
    "listing": page("/find/{id}/"),
    "kind in a country": page("/find/kinds/counselling/gb/"),
    "kind in a town": page("/find/kinds/counselling/gb/leeds/"),
    "sitemap of towns": page("/sitemap-towns-1.xml"),
    "site search": posted("/search/", words="Zanzibarry"),
    "while typing": posted("/search/as-you-type/", words="Zanzibarry"),
    "HSDS services": page("/hsds/services"),
    "HSDS service": page("/hsds/services/{id}"),
    "HSDS places": page("/hsds/service_at_locations"),
    "HSDS organisations": page("/hsds/organizations"),
    "FHIR services": page("/fhir/HealthcareService"),
    "FHIR organisations": page("/fhir/Organization"),
    "FHIR files": fhir_files,
    "HSDS file": hsds_file,
    "HSDS tables": hsds_tables,
    "CSV": csv(machine=False),
    "CSV for programs": csv(machine=True),
}


def by_a_steward(listing: Listing, clock: mock.Mock) -> None:
    Listing.objects.filter(pk=listing.pk).update(standing=Standing.HIDDEN)
    make_findable([listing.pk])


def by_withdrawal(listing: Listing, clock: mock.Mock) -> None:
    Listing.objects.filter(pk=listing.pk).update(standing=Standing.WITHDRAWN)
    make_findable([listing.pk])


def without_consent(listing: Listing, clock: mock.Mock) -> None:
    Listing.objects.filter(pk=listing.pk).update(consent=Consent.NONE)
    make_findable([listing.pk])


def by_exclusion(listing: Listing, clock: mock.Mock) -> None:
    Provider.objects.filter(pk=listing.provider_id).update(excluded_on=TODAY)
    make_findable([listing.pk])


def by_the_ninety_first_day(listing: Listing, clock: mock.Mock) -> None:
    clock.return_value = NOON + timedelta(days=1)


def by_expiry(listing: Listing, clock: mock.Mock) -> None:
    Listing.objects.filter(pk=listing.pk).update(confirmed_on=TODAY)
    make_findable([listing.pk])
    clock.return_value = NOON + timedelta(days=2)


WAYS = [
    by_a_steward, by_withdrawal, without_consent, by_exclusion, by_the_ninety_first_day, by_expiry,
]  # fmt: skip


def told(client: Client, listing: Listing, folder: Path) -> dict[str, bool]:
    """Return by door whether it tells of the listing, its provider or its town's page."""
    found = {}
    for number, (door, ask) in enumerate(DOORS.items()):
        out = folder / str(number)
        out.mkdir(exist_ok=True)
        said = re.sub(r"</?mark>", "", ask(client, listing, out))
        found[door] = any(mark in said for mark in MARKS)
    return found


def test_a_listing_that_is_shown_leaves_by_every_door(
    client: Client, listing: Listing, tmp_path: Path
) -> None:
    shut = [door for door, found in told(client, listing, tmp_path).items() if not found]

    assert shut == []


@pytest.mark.parametrize("way", WAYS)
def test_a_listing_that_may_not_be_shown_leaves_by_none(
    client: Client,
    listing: Listing,
    noon: mock.Mock,
    tmp_path: Path,
    way: Callable[[Listing, mock.Mock], None],
) -> None:
    way(listing, noon)

    open_doors = [door for door, found in told(client, listing, tmp_path).items() if found]

    assert open_doors == []


def test_what_a_file_marks_as_private_leaves_by_no_door(client: Client, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "map.toml").write_text(MAP)
    import_listings(tmp_path / "rows.csv", tmp_path / "map.toml", clock=lambda: NOON)
    one = Listing.objects.get()
    make_findable([one.pk])

    for number, (door, ask) in enumerate(DOORS.items()):
        (tmp_path / str(number)).mkdir()
        said = ask(client, one, tmp_path / str(number))
        assert [private for private in PRIVATE if private in said] == [], door


def test_C6_a_licence_leaves_on_the_last_day_of_where_it_was_given(client: Client) -> None:
    """Sydney's day ends before ours: on its last day a licence there is in force no more."""
    provider = make_provider(name=PROVIDER)
    make_credential(provider, number="PYL31415", jurisdiction="GB")
    make_credential(provider, number="PSY0001234567", jurisdiction="AU", expires_on=TODAY)
    make_listing(provider=provider, name=NAME)

    rows = [row["register_number"] for row in spreadsheets.rows(TODAY, machine=True)]
    services = list(export_hsds.whole(examples=False))

    assert rows == ["PYL31415"]
    assert "PYL31415" in str(services)
    assert "PSY0001234567" not in str(services)
