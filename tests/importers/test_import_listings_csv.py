"""CSV through a mapping: repairs, flags, codes, and a reason with a repair for every reject."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stepwell.apps.directory.models import (
    Credential,
    Family,
    Fate,
    ImportRun,
    Listing,
    ListingTerm,
    Place,
    Provider,
)
from stepwell.domain.errors import FactError
from stepwell.domain.offers import Standing
from stepwell.importers.pipeline import Report
from stepwell.importers.records import ImportRefused
from stepwell.importers.runs import import_listings

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEADER = "Ref,Name,Run by,Kind,Country,Town,Post,Phone,Phone private,Street,Street private,Off,Web"
GOOD = "1,Example talk,Example Org,counselling,GB,Leeds,LS1 4AP,01632960001,no,1 Road,no,,"
MAP = """
source = "test"
consent = "organisation"
leave_out = ["Off"]
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
web = "Web"
[defaults]
confirmed_on = "2026-11-20"
latitude = "53.8"
longitude = "-1.55"
[private]
phone = "Phone private"
street = "Street private"
[repair]
postcode_digits = { DE = 5 }
phone_leading_zero = true
[codes.kind]
"Talking" = "psychotherapy"
"""

Import = Callable[..., Report]


@pytest.fixture
def bring_in(tmp_path: Path) -> Import:
    """Import rows below the usual header."""

    def run(*rows: str, mapping: str = MAP, header: str = HEADER, dry_run: bool = False) -> Report:
        file, map_file = tmp_path / "rows.csv", tmp_path / "rows.map.toml"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        map_file.write_text(mapping, encoding="utf-8")
        return import_listings(file, map_file, clock=lambda: NOW, dry_run=dry_run)

    return run


def fates(report: Report) -> list[tuple[str, str]]:
    """Return the id and the fate of each row."""
    return [(outcome.source_id, outcome.fate.value) for outcome in report.outcomes]


@pytest.mark.django_db
def test_row_becomes_a_listing_that_is_shown(bring_in: Import) -> None:
    bring_in(GOOD)

    listing = Listing.objects.get()
    assert (listing.name, listing.kind, listing.standing) == (
        "Example talk",
        "counselling",
        "active",
    )
    assert listing.place is not None
    assert (listing.place.district, listing.place.street) == ("LS1", "1 Road")
    assert (listing.source, listing.source_id, listing.phone) == ("test", "1", "01632960001")


def terms(family: Family) -> set[str]:
    """Return what the listing names of one family."""
    return set(ListingTerm.objects.filter(family=family).values_list("value", flat=True))


@pytest.mark.django_db
def test_row_names_needs_goals_methods_access_and_payers(bring_in: Import) -> None:
    mapping = MAP.replace(
        "[defaults]",
        """[defaults]
needs = "low_mood;worry;telepathy"
goals = "cope"
approaches = "cbt"
access = "step_free;quiet_space"
payers = "employer"
""",
    )

    report = bring_in(GOOD, mapping=mapping)

    assert terms(Family.NEED) == {"low_mood", "worry"}
    assert terms(Family.GOAL) == {"cope"}
    assert terms(Family.APPROACH) == {"cbt"}
    assert terms(Family.ACCESS) == {"step_free", "quiet_space"}
    assert terms(Family.PAYER) == {"employer"}
    assert any("telepathy; left out" in note for note in report.outcomes[0].notes)


@pytest.mark.django_db
def test_row_that_names_more_than_five_needs_names_none(bring_in: Import) -> None:
    six = "low_mood;worry;panic;social_fear;sleep;grief"
    mapping = MAP.replace("[defaults]", f'[defaults]\nneeds = "{six}"')

    report = bring_in(GOOD, mapping=mapping)

    assert terms(Family.NEED) == set()
    assert any("more than 5 needs" in note for note in report.outcomes[0].notes)


@pytest.mark.django_db
def test_second_run_changes_nothing(bring_in: Import) -> None:
    bring_in(GOOD)
    before = list(Listing.objects.values()) + list(Provider.objects.values())

    report = bring_in(GOOD)

    assert fates(report) == [("1", "unchanged")]
    assert list(Listing.objects.values()) + list(Provider.objects.values()) == before
    assert ImportRun.objects.count() == 2
    assert ImportRun.objects.latest("pk").unchanged == 1


@pytest.mark.django_db
def test_dry_run_tells_the_same_fates_and_changes_nothing(bring_in: Import) -> None:
    bring_in(GOOD, GOOD.replace("1,", "2,", 1))
    rows = (GOOD.replace("Example talk", "New name"), GOOD.replace("1,", "3,", 1))

    dry = bring_in(*rows, dry_run=True)
    untouched = Listing.objects.get(source_id="1").name
    real = bring_in(*rows)

    assert untouched == "Example talk"
    assert dry.outcomes == real.outcomes
    assert fates(real) == [("1", "updated"), ("3", "imported"), ("2", "withdrawn")]
    assert ImportRun.objects.count() == 2
    kept = ImportRun.objects.latest("pk").rows.values_list("source_id", "fate")
    assert list(kept) == fates(real)


@pytest.mark.django_db
def test_listing_that_comes_back_is_shown_again_but_not_when_a_steward_hid_it(
    bring_in: Import,
) -> None:
    two = GOOD.replace("1,", "2,", 1)
    bring_in(GOOD, two)
    bring_in(two)
    Listing.objects.filter(source_id="2").update(standing=Standing.HIDDEN)

    report = bring_in(GOOD, two.replace("Example talk", "Changed"))

    assert fates(report) == [("1", "updated"), ("2", "updated")]
    standing = dict(Listing.objects.values_list("source_id", "standing"))
    assert standing == {"1": "active", "2": "hidden"}


@pytest.mark.django_db
def test_flagged_rows_are_left_out_and_taken_down(bring_in: Import) -> None:
    bring_in(GOOD)

    gone = bring_in(GOOD.removesuffix(",,") + ",2026-10-01,")
    new = bring_in("9,New,Org,counselling,GB,Leeds,LS1,,no,,no,yes,")

    assert fates(gone) == [("1", "withdrawn")]
    assert fates(new) == [("9", "left_out")]
    assert "'Off' says that it is not for showing" in new.outcomes[0].reason
    assert set(Listing.objects.values_list("standing", flat=True)) == {"withdrawn"}


@pytest.mark.django_db
@pytest.mark.parametrize("flag", ["yes", "1", "Y", "please do not show"])
def test_private_cells_are_never_stored(bring_in: Import, flag: str) -> None:
    canary = GOOD.replace("01632960001,no", f"01632960999,{flag}").replace(
        "1 Road,no", f"77 Canary Road,{flag}"
    )

    bring_in(canary)

    stored = [*Listing.objects.values(), *Place.objects.values(), *Provider.objects.values()]
    assert "01632960999" not in str(stored)
    assert "Canary" not in str(stored)
    place = Place.objects.get()
    assert place.redacted
    assert (place.lat, place.lon) != (53.8, -1.55)  # the middle of its cell, not the point


@pytest.mark.django_db
def test_lost_zeros_are_given_back_where_told(bring_in: Import) -> None:
    report = bring_in("1,Example,Org,Talking,DE,Leipzig,4103,1632960001,no,,no,,")

    listing = Listing.objects.get()
    assert listing.place is not None
    assert listing.place.district == "04103"
    assert listing.phone == "01632960001"
    assert listing.kind == "psychotherapy"
    assert len(report.outcomes[0].notes) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (GOOD.replace("1,", ",", 1), "Ref", "empty"),
        (GOOD.replace("Example talk", ""), "Name", "empty"),
        (GOOD.replace("Example Org", " "), "Run by", "empty"),
        (GOOD.replace("counselling", "counseling"), "kind", "Did you mean counselling"),
        (GOOD.replace("GB", "Britain"), "Country", "two-letter"),
        (GOOD.replace("GB", "ZZ").replace("LS1 4AP", ""), "country", "no country ZZ"),
        (GOOD.replace("LS1 4AP", "12345"), "Post", "postcode of GB"),
        (GOOD.replace("Leeds", ""), "town", "nowhere"),
        (GOOD + ",one cell too many", "the whole row", "14 cells"),
    ],
)
def test_reject_names_row_column_reason_and_repair(
    bring_in: Import, row: str, column: str, reason: str
) -> None:
    report = bring_in("7,Good,Org,counselling,GB,Leeds,LS1,,no,,no,,", row)

    rejected = report.rejected[0]
    assert (rejected.row, rejected.column) == (3, column)
    assert reason in rejected.reason
    assert rejected.repair
    assert Listing.objects.count() == 1
    stored = ImportRun.objects.get().rows.get(fate=Fate.REJECTED)
    assert (stored.line, stored.column, stored.repair) == (3, column, rejected.repair)


@pytest.mark.django_db
def test_same_id_twice_is_told_with_the_first_row(bring_in: Import) -> None:
    report = bring_in(GOOD, GOOD)

    assert fates(report) == [("1", "imported"), ("1", "rejected")]
    assert report.rejected[0].reason == "row 2 has the same id"


@pytest.mark.django_db
def test_rejected_row_keeps_what_was_imported_before(bring_in: Import) -> None:
    bring_in(GOOD, GOOD.replace("1,", "2,", 1))

    bring_in(GOOD.replace("counselling", "magic"))
    standing = dict(Listing.objects.values_list("source_id", "standing"))
    assert standing == {"1": "active", "2": "withdrawn"}

    nameless = bring_in(GOOD.replace("1,", ",", 1), GOOD.replace("1,", "3,", 1))
    assert [fate for _, fate in fates(nameless)] == ["rejected", "imported"]


@pytest.mark.django_db
def test_file_with_mostly_rejects_changes_nothing(bring_in: Import) -> None:
    bring_in(GOOD)
    bad = [f"{n},Name,Org,magic,GB,Leeds,LS1,,no,,no,," for n in range(10, 20)]

    with pytest.raises(ImportRefused, match=r"10 of 11 rows.*nothing was changed.*row 3"):
        bring_in(GOOD.replace("Example talk", "Changed"), *bad)

    assert Listing.objects.get().name == "Example talk"


@pytest.mark.django_db
def test_listing_without_consent_or_confirmation_is_stored_and_not_shown(bring_in: Import) -> None:
    mapping = MAP.replace('consent = "organisation"\n', "").replace("2026-11-20", "2026-01-01")

    report = bring_in(GOOD, mapping=mapping)

    assert Listing.objects.get().consent == "none"
    assert len(report.outcomes[0].notes) == 2


@pytest.mark.django_db
def test_imported_credential_is_claimed_and_a_check_is_not_overwritten(bring_in: Import) -> None:
    mapping = MAP.replace("[defaults]", '[defaults]\nregister = "gb_hcpc"').replace(
        'web = "Web"', 'register_number = "Web"'
    )
    bring_in(GOOD + "PYL123456", mapping=mapping)
    first = Credential.objects.get()
    assert (first.state, first.level) == ("claimed", 1)

    bring_in(GOOD + "nonsense", mapping=mapping)
    second = Credential.objects.get()
    assert (second.number, second.state, second.level) == ("nonsense", "claimed", 0)

    Credential.objects.update(state="expired")
    bring_in(GOOD + "PYL7", mapping=mapping)
    assert set(Credential.objects.values_list("number", "state")) == {
        ("nonsense", "expired"),
        ("PYL7", "claimed"),
    }


@pytest.mark.django_db
def test_markup_and_bad_addresses_do_not_come_in(bring_in: Import) -> None:
    row = GOOD.replace("Example talk", "<b>Bold</b><script>alert(1)</script>")

    report = bring_in(row + "javascript:alert(1)")

    listing = Listing.objects.get()
    assert (listing.name, listing.web) == ("Bold", "")
    assert report.outcomes[0].notes == ("Web could not be used and was left empty",)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace("Kind", "Kinds"), "no column 'Kind'. Did you mean Kinds"),
        (HEADER.replace("Web", "Name"), "'Name' stands there twice"),
    ],
)
@pytest.mark.django_db
def test_file_that_is_not_as_mapped_is_refused(bring_in: Import, header: str, said: str) -> None:
    mapping = MAP.replace('web = "Web"\n', "")

    with pytest.raises(ImportRefused, match=said):
        bring_in(GOOD, header=header, mapping=mapping)


@pytest.mark.django_db
def test_broken_csv_is_refused_with_its_line(bring_in: Import) -> None:
    with pytest.raises(ImportRefused, match="line 3"):
        bring_in(GOOD, '2,"open quote' + "x" * 10)


@pytest.mark.django_db
def test_empty_file_does_not_withdraw_everything(bring_in: Import) -> None:
    bring_in(GOOD)

    with pytest.raises(ImportRefused, match="no rows"):
        bring_in()

    assert Listing.objects.get().standing == "active"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "test"', 'source = "Test me"', "source"),
        ('name = "Name"\n', "", "columns.name"),
        ('town = "Town"', 'twon = "Town"', "columns"),
        ('consent = "organisation"', 'consent = "sure"', "consent"),
        ("[columns]", "[columns", "not TOML"),
        ("DE = 5", "DE = 50", "postcode_digits"),
    ],
)
@pytest.mark.django_db
def test_wrong_mapping_is_refused_with_its_key(
    bring_in: Import, old: str, new: str, said: str
) -> None:
    with pytest.raises((FactError, ImportRefused), match=said) as refused:
        bring_in(GOOD, mapping=MAP.replace(old, new))

    assert "rows.map.toml" in str(refused.value)
