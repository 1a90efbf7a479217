"""Providers that may be there twice: found, told at an import, put before a steward, once."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import duplicates
from stepwell.apps.directory.models import Case, Cause, Listing, Outcome, Provider
from stepwell.apps.directory.stewards.cases import settle_case
from stepwell.cli.main import stepwell
from stepwell.importers.runs import import_listings
from tests.apps.directory.build import make_listing, make_provider

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
MAP = """
source = "new"
consent = "organisation"
[columns]
id = "id"
name = "name"
provider = "provider"
phone = "phone"
[defaults]
kind = "counselling"
country = "GB"
town = "Leeds"
postcode = "LS1"
"""


@pytest.fixture
def twins() -> tuple[Provider, Provider]:
    """One provider under two spellings, and another with the same kind of name."""
    one = make_provider(name="Leeds Talking Space Ltd")
    two = make_provider(name="Leeds Talking Space")
    make_listing(provider=one, phone="0113 496 0101")
    make_listing(provider=two, phone="+44 113 496 0101")
    make_listing(provider=make_provider(name="Leeds Walking Group"), phone="0113 496 0199")
    return one, two


def test_the_same_provider_under_two_spellings_is_found_with_the_reasons(twins) -> None:
    [found] = duplicates.find()

    assert {found.first, found.second} == set(twins)
    assert found.pair.reasons[:2] == ("the same name", "the same phone")


def test_finding_them_takes_the_same_number_of_queries_whatever_there_is(
    twins, django_assert_num_queries
) -> None:
    with django_assert_num_queries(3):
        list(duplicates.described())
    for number in range(10):
        make_listing(provider=make_provider(name=f"Name{number} Word{number}"))

    with django_assert_num_queries(3):
        list(duplicates.described())


def test_what_is_withdrawn_is_not_compared(twins) -> None:
    Listing.objects.filter(provider=twins[0]).update(standing="withdrawn")

    assert duplicates.find() == []


def test_a_case_is_opened_once_and_nothing_is_merged(twins) -> None:
    for _ in range(2):
        duplicates.open_cases(duplicates.find(), at=AT)

    case = Case.objects.get()
    assert case.cause == Cause.DUPLICATE
    assert "the same phone" in case.detail
    assert Provider.objects.count() == 3
    assert Listing.objects.filter(provider=twins[1]).count() == 1


def test_what_a_steward_settled_is_not_asked_again(twins) -> None:
    steward = Person.objects.create(username="ada", is_superuser=True)
    duplicates.open_cases(duplicates.find(), at=AT)

    settle_case(
        case=Case.objects.get(), outcome=Outcome.UNFOUNDED, note="Two branches", by=steward, at=AT
    )

    assert duplicates.find() == []


def test_the_command_lists_them_and_opens_cases_only_when_asked(twins) -> None:
    told = CliRunner().invoke(stepwell, ["listings", "duplicates"])
    assert told.exit_code == 1
    assert "Leeds Talking Space" in told.output
    assert "1 pairs" in told.output
    assert not Case.objects.exists()

    as_json = CliRunner().invoke(stepwell, ["listings", "duplicates", "--json", "--open-cases"])
    [pair] = json.loads(as_json.output)["pairs"]
    assert pair["likely"] is True
    assert Case.objects.count() == 1


def test_a_dry_run_tells_who_may_be_here_already_and_an_import_opens_a_case(
    twins, tmp_path: Path
) -> None:
    file, map_file = tmp_path / "rows.csv", tmp_path / "map.toml"
    map_file.write_text(MAP, encoding="utf-8")
    rows = ["id,name,provider,phone", "1,Talk,Leeds Talking Space CIC,01134960101", "2,New,Unlike,"]
    file.write_text("\n".join(rows), encoding="utf-8")

    dry = import_listings(file, map_file, clock=lambda: AT, dry_run=True)

    told = {one.source_id: " ".join(one.notes) for one in dry.outcomes}
    assert "may be the same as Leeds Talking Space" in told["1"]
    assert "may be the same" not in told["2"]
    assert not Case.objects.exists()

    import_listings(file, map_file, clock=lambda: AT)
    assert Case.objects.filter(cause=Cause.DUPLICATE).count() == 2  # with each of the twins
    import_listings(file, map_file, clock=lambda: AT)
    assert Case.objects.count() == 2
