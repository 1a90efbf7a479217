"""HSDS: every shape of the JSON, our profile, and what may never be stored."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stepwell.apps.directory.models import Fate, Listing, Place, Provider
from stepwell.importers.hsds.read import LARGEST_BYTES
from stepwell.importers.pipeline import Report
from stepwell.importers.records import ImportRefused
from stepwell.importers.runs import import_hsds

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
Import = Callable[..., Report]


@pytest.fixture
def bring_in(tmp_path: Path) -> Import:
    """Import a document."""

    def run(document: Any, name: str = "test.json") -> Report:
        path = tmp_path / name
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        return import_hsds(path, clock=lambda: NOW)

    return run


def attribute(taxonomy: str, code: str, name: str = "a name") -> dict[str, Any]:
    """Return an attribute of one taxonomy."""
    term = {"id": "t", "code": code, "name": name, "description": "d", "taxonomy": taxonomy}
    return {"id": "a", "taxonomy_term": term}


def location(key: str = "l1", **changes: Any) -> dict[str, Any]:
    """Return a location in Leeds."""
    address = {
        "address_1": "1 Road",
        "city": "Leeds",
        "state_province": "England",
        "postal_code": "LS1 4AP",
        "country": "GB",
        "address_type": "physical",
    }
    place = {"id": key, "location_type": "physical", "latitude": 53.8, "longitude": -1.55}
    return {**place, "addresses": [address], **changes}


def service(**changes: Any) -> dict[str, Any]:
    """Return a full service at one place."""
    return {
        "id": "s1",
        "name": "Example service",
        "description": "Words",
        "status": "active",
        "assured_date": "2026-11-20",
        "organization": {"id": "o1", "name": "Example Organisation", "description": "About"},
        "service_at_locations": [{"id": "x", "location": location()}],
        "attributes": [attribute("stepwell_kind", "counselling")],
        **changes,
    }


NOWHERE = location(addresses=[{"city": "Town", "country": "ÄÖ"}])


def fates(report: Report) -> list[tuple[str, str]]:
    """Return the id and the fate of each row."""
    return [(outcome.source_id, outcome.fate.value) for outcome in report.outcomes]


BARE = {
    key: value
    for key, value in service().items()
    if key not in {"organization", "service_at_locations"}
}
ORGANISATION = service()["organization"]
SHAPES = {
    "one service": service(),
    "a list": [service()],
    "a page": {"total_items": 1, "contents": [service()]},
    "an organisation": {
        **ORGANISATION,
        "services": [{**BARE, "service_at_locations": [{"location": location()}]}],
    },
    "a service at a location": {"id": "x", "location": location(), "service": service()},
    "a bundle by ids": {
        "organizations": [ORGANISATION],
        "locations": [location()],
        "services": [
            {**BARE, "organization_id": "o1", "service_at_locations": [{"location_id": "l1"}]}
        ],
    },
    "a bundle with links": {
        "organizations": [ORGANISATION],
        "locations": [location()],
        "services": [{**BARE, "organization_id": "o1"}],
        "service_at_locations": [{"service_id": "s1", "location_id": "l1"}],
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_listing(bring_in: Import, shape: str) -> None:
    report = bring_in(SHAPES[shape])

    assert fates(report) == [("s1@l1", "imported")]
    listing = Listing.objects.get()
    assert (listing.name, listing.provider.name) == ("Example service", "Example Organisation")
    assert listing.place is not None
    assert (listing.place.town, listing.place.district) == ("Leeds", "LS1")
    assert (listing.consent, str(listing.confirmed_on)) == ("organisation", "2026-11-20")


@pytest.mark.django_db
def test_second_run_changes_nothing_whatever_the_order(bring_in: Import) -> None:
    two = service(id="s2", name="Another")
    bring_in([service(), two])
    before = list(Listing.objects.order_by("pk").values())

    report = bring_in([two, service()])

    assert {fate for _, fate in fates(report)} == {"unchanged"}
    assert list(Listing.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_service_at_two_places_and_remote_is_three_listings(bring_in: Import) -> None:
    links = [{"location": location("l1")}, {"location": location("l2")}]
    attributes = [attribute("stepwell_kind", "counselling"), attribute("stepwell_format", "video")]

    report = bring_in(service(service_at_locations=links, attributes=attributes))

    assert [key for key, _ in fates(report)] == ["s1@l1", "s1@l2", "s1@remote"]
    remote = Listing.objects.get(source_id="s1@remote")
    assert remote.place is None
    assert {term.value for term in remote.terms.all()} == {"GB", "video"}


@pytest.mark.django_db
def test_closed_service_takes_its_listings_down(bring_in: Import) -> None:
    bring_in(service())

    report = bring_in(service(status="temporarily closed"))

    assert fates(report) == [("s1", "withdrawn")]
    assert Listing.objects.get().standing == "withdrawn"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"organization": None}, "organization"),
        ({"attributes": [], "name": "Something"}, "attributes"),
        ({"service_at_locations": []}, "service_at_locations"),
        ({"service_at_locations": [{"location": location(addresses=[])}]}, "service_at_locations"),
        ({"name": "<b></b>"}, "name"),
        ({"id": ""}, "id"),
        ({"status": None}, "status"),
        ({"service_at_locations": [{"location": NOWHERE}]}, "service_at_locations"),
        ({"minimum_age": 40, "maximum_age": 12}, "minimum_age"),
        (
            {"attributes": [attribute("stepwell_kind", "counselling"),
                            attribute("stepwell_confidentiality", "guaranteed")]},
            "confidentiality",
        ),
    ],
)  # fmt: skip
def test_reject_names_what_is_missing_and_the_repair(
    bring_in: Import, change: dict[str, Any], column: str
) -> None:
    report = bring_in(
        {"services": [service(id="good"), service(**change)], "organizations": [ORGANISATION]}
    )

    rejected = report.rejected[0]
    assert (rejected.row, rejected.column) == (2, column)
    assert rejected.reason
    assert rejected.repair
    assert Listing.objects.get().source_id == "good@l1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Community Counselling", "counselling"),
        ("Family counseling center", "counselling"),
        ("Couple and family therapy", "couple_and_family_therapy"),
    ],
)
def test_kind_may_be_said_by_the_name(bring_in: Import, name: str, kind: str) -> None:
    bring_in(service(name=name, attributes=[]))

    assert Listing.objects.get().kind == kind


@pytest.mark.django_db
def test_people_named_as_contacts_are_never_stored(bring_in: Import) -> None:
    person = {"id": "c", "name": "Canary Person", "email": "canary@example.org"}
    bring_in(
        service(
            contacts=[person],
            assurer_email="canary@example.org",
            organization={**ORGANISATION, "contacts": [person]},
            service_at_locations=[{"contacts": [person], "location": location(contacts=[person])}],
        )
    )

    stored = [*Listing.objects.values(), *Place.objects.values(), *Provider.objects.values()]
    assert "anary" not in str(stored)


@pytest.mark.django_db
def test_redacted_location_keeps_its_area_only(bring_in: Import) -> None:
    hidden = location(attributes=[attribute("stepwell_redacted", "yes")])

    bring_in(service(service_at_locations=[{"location": hidden}]))

    place = Place.objects.get()
    assert (place.redacted, place.street) == (True, "")
    assert (place.lat, place.lon) != (53.8, -1.55)
    assert place.cell is not None


@pytest.mark.django_db
def test_marked_example_is_never_confirmed(bring_in: Import) -> None:
    attributes = [attribute("stepwell_kind", "counselling"), attribute("stepwell_fictional", "yes")]

    bring_in(service(attributes=attributes))

    listing = Listing.objects.get()
    assert (listing.fictional, listing.confirmed_on) == (True, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amounts", "cost"), [([], "unknown"), ([0], "free"), ([0, 35], "paid"), (["35"], "unknown")]
)
def test_cost_comes_from_amounts_only(bring_in: Import, amounts: list[Any], cost: str) -> None:
    bring_in(service(cost_options=[{"id": "c", "amount": amount} for amount in amounts]))

    assert Listing.objects.get().cost == cost


@pytest.mark.django_db
def test_markup_in_descriptions_is_taken_out(bring_in: Import) -> None:
    bring_in(
        service(
            description="<p>Kind <b>words</b></p><script>alert(1)</script><img src=x onerror=a>",
            url="javascript:alert(1)",
            phones=[{"id": "p", "number": '"+44 1632 960001"'}],
        )
    )

    listing = Listing.objects.get()
    assert (listing.about, listing.web) == ("Kind words", "")
    assert listing.phone == "+44 1632 960001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "line 1, column 2"),
        ("[]", "holds no services"),
        ({"id": "x", "name": "a taxonomy"}, "holds no services"),
        ("3", "holds no services"),
        ("[" * 100_000, "nested too deeply"),
        ("<?xml version='1.0'?><a/>", "XML"),
        ("PK\x03\x04", "archive"),
        ('{"a": "\x00"}', "zero bytes"),
    ],
)
def test_file_that_is_no_hsds_is_refused(bring_in: Import, document: Any, said: str) -> None:
    with pytest.raises(ImportRefused, match=said) as refused:
        bring_in(document)

    assert str(refused.value).startswith("test.json: ")
    assert not Listing.objects.exists()


def test_file_that_is_too_large_or_not_there_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)

    for path, said in ((large, "larger than"), (tmp_path / "none.json", "no such file")):
        with pytest.raises(ImportRefused, match=said):
            import_hsds(path, clock=lambda: NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["service_full", "organization_full", "service_at_location_full", "service_list"]
)
def test_published_examples_import(shared: Path, name: str) -> None:
    path = shared / "directory" / "hsds-3.1" / "examples" / f"{name}.json"
    if not path.exists():
        pytest.skip("the published HSDS examples are not beside this checkout")

    report = import_hsds(path, clock=lambda: NOW)

    if name == "service_list":  # summaries: they do not say where
        assert report.rejected[0].column == "service_at_locations"
        return
    assert [fate for one, fate in fates(report) if one] == ["imported"]
    notes = " ".join(report.outcomes[0].notes)
    assert "not a place on the globe" in notes  # the example lies at latitude 100
    assert "nobody confirmed it in the last 90 days" in notes  # assured in 2005
    listing = Listing.objects.get()
    assert (listing.kind, listing.phone) == ("counselling", "+44 1234 234567 ext. 100")
    assert listing.place is not None
    assert listing.place.point is None
    assert {term.value for term in listing.terms.all()} == {"ur"}
    again = import_hsds(path, clock=lambda: NOW)
    assert again.counts[Fate.UNCHANGED] == 1
