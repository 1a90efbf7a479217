"""The wizard for listings from a table: proposed, corrected, looked at, imported, by stewards."""

import csv
import io
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stepwell.apps.audit.models import Event
from stepwell.apps.directory.models import Listing, ListingUpload
from stepwell.importers.admin import listing_work as work
from stepwell.importers.admin.listing_forms import MappingForm, first_answers
from stepwell.importers.listings.detect import Shape, detect
from stepwell.importers.listings.mapping import Mapped, field_names, read_mapping
from stepwell.importers.listings.propose import LEAVE_OUT, LOOKED, Proposal, propose
from stepwell.importers.listings.read import read as read_rows
from stepwell.importers.listings.written import as_toml
from stepwell.importers.records import ImportRefused
from stepwell.importers.runs import import_listings
from tests.apps.directory.build import make_listing

PAGES = "/admin/listing-tables/"
TABLE = """Ref,Service,Agency,Category,Country,City,Zip,Telephone,Phone private,Exclude from website
1,Talk,Example Org,Counselling,US,Boston,2138,617-555-0101,no,
2,Group,Example Org,Odd thing,US,Boston,02139,617-555-0102,yes,
3,Secret,Example Org,Counselling,US,Boston,02139,617-555-0103,no,yes
"""


def table(text: str) -> Proposal:
    header, *rows = list(csv.reader(io.StringIO(text)))
    return propose(header, rows)


def targets(proposal: Proposal) -> dict[str, str]:
    return {one.name: one.target for one in proposal.columns}


def test_names_of_columns_are_known() -> None:
    assert targets(table(TABLE)) == {
        "Ref": "id",
        "Service": "name",
        "Agency": "provider",
        "Category": "kind",
        "Country": "country",
        "City": "town",
        "Zip": "postcode",
        "Telephone": "phone",
        "Phone private": "private:phone",
        "Exclude from website": LEAVE_OUT,
    }


def test_what_a_spreadsheet_took_is_given_back_only_where_it_is_certain() -> None:
    assert table(TABLE).postcode_digits == {"US": 5}
    assert table(TABLE.replace(",2138,", ",02138,")).postcode_digits == {}
    assert table(TABLE.replace(",US,", ",AU,")).postcode_digits == {}
    phones = "Country,Telephone\nGB,1632960001\nGB,1632960002\n"
    assert table(phones).phone_leading_zero
    assert not table(phones.replace("GB", "US")).phone_leading_zero
    assert not table(phones.replace("1632960002", "01632960002")).phone_leading_zero


def test_words_for_kinds_are_guessed_and_unknown_ones_are_left_open() -> None:
    assert table(TABLE).codes["kind"] == {"Counselling": "counselling", "Odd thing": ""}


def test_cells_tell_what_a_name_does_not() -> None:
    found = targets(
        table(
            "A,B,C,D,E\na@example.org,https://a.example,0113 496 0101,LS1 4AP,English\n"
            "b@example.org,https://b.example,0113 496 0102,LS2 4AP,Polish\n"
        )
    )

    assert found == {"A": "email", "B": "web", "C": "phone", "D": "postcode", "E": "languages"}


@pytest.mark.parametrize(
    ("dates", "form", "is_told"),
    [
        (["2026-11-24"], "%Y-%m-%d", False),
        (["24.11.2026"], "%d.%m.%Y", False),
        (["24/11/2026", "01/02/2026"], "%d/%m/%Y", False),
        (["11/24/2026", "01/02/2026"], "%m/%d/%Y", False),
        (["01/02/2026"], "%d/%m/%Y", True),
    ],
)
def test_the_form_of_dates_is_found_or_asked(dates: list[str], form: str, is_told: bool) -> None:
    found = table("\n".join(["Last confirmed", *dates]) + "\n")

    assert (found.date_format, bool(found.notes)) == (form, is_told)


def test_the_columns_of_icarol_are_known_and_no_flag_is_passed_over(shared: Path) -> None:
    header = (shared / "directory" / "icarol_export_header.csv").read_text("utf-8").strip()
    names = next(csv.reader([header]))
    proposal = propose(names, [])
    found = targets(proposal)

    assert found["ResourceAgencyNum"] == "id"
    assert found["PublicName"] == "name"
    assert found["PhysicalPostalCode"] == "postcode"
    assert found["Phone1IsPrivate"] == "private:phone"
    assert found["PhysicalAddressIsPrivate"] == "private:street"
    assert {found[name] for name in ("ExcludeFromWebsite", "MadeInactiveOn")} == {LEAVE_OUT}
    flags = [name for name in names if "Private" in name or "Exclude" in name]
    assert len(flags) > 10
    assert all(one.must_look for one in proposal.columns if one.name in flags)


@pytest.mark.parametrize(
    ("raw", "shape"),
    [
        (b"a,b\n1,2\n", Shape("utf-8", ",", ())),
        ("a;b\n1;2\n".encode("utf-8-sig"), Shape("utf-8", ";", ())),
        (b"a\tb\n1\t2\n", Shape("utf-8", "\t", ())),
        (b'a;b\n"1,5,5";2\n', Shape("utf-8", ";", ())),
        (b"sep=;\na;b,c\n1;2\n", Shape("utf-8", ";", ())),
    ],
)
def test_it_is_found_out_how_a_file_is_written(raw: bytes, shape: Shape) -> None:
    assert detect(raw, "x.csv") == shape


def test_windows_1252_is_read_with_a_note_and_utf_16_is_refused() -> None:
    shape = detect("Straße;Köln\n1;2\n".encode("cp1252"), "x.csv")

    assert (shape.encoding, shape.delimiter) == ("cp1252", ";")
    assert "Windows-1252" in shape.notes[0]
    with pytest.raises(ImportRefused, match="UTF-16"):
        detect("a,b".encode("utf-16"), "x.csv")


MAPPING = Mapped.model_validate(
    {
        "source": "test",
        "columns": {"id": "id", "name": 'a = "b" \\ ü'},
        "defaults": {"provider": "Org", "kind": "counselling", "country": "US", "town": "Boston"},
        "private": {"phone": "private?"},
        "leave_out": ["off", "gone"],
        "codes": {"kind": {"Talk.ing": "counselling", "x\x7fy": "warmline"}},
        "repair": {"postcode_digits": {"US": 5}, "phone_leading_zero": True},
        "delimiter": "\t",
    }
)


def test_a_mapping_is_written_so_that_it_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(as_toml(MAPPING), encoding="utf-8")

    assert read_mapping(tmp_path / "map.toml") == MAPPING


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=12), max_size=4))
def test_any_words_are_written_as_toml(words: dict[str, str]) -> None:
    text = as_toml(MAPPING.model_copy(update={"codes": {"kind": words}}))

    assert tomllib.loads(text.replace("\r", "")).get("codes", {}).get("kind", {}) == words


@given(
    st.lists(st.text(max_size=12), min_size=1, max_size=8),
    st.lists(st.lists(st.text(max_size=15), max_size=9), max_size=6),
)
def test_something_is_proposed_for_any_table(header: list[str], rows: list[list[str]]) -> None:
    proposal = propose(header, rows)

    assert [one.name for one in proposal.columns] == header
    fields = [one.target for one in proposal.columns if one.target in field_names()]
    assert len(fields) == len(set(fields))
    first_answers(proposal, Shape("utf-8", ",", ()), "x")


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused_in_words(raw: bytes) -> None:
    with suppress(ImportRefused):  # anything else is an error of ours
        shape = detect(raw, "x.csv")
        for row in read_rows(raw.decode(shape.encoding), "x.csv", MAPPING):
            assert row.row > 0


def test_a_zip_code_gets_its_zeros_back() -> None:
    header = "id,name,post\n"
    mapping = MAPPING.model_copy(
        update={
            "columns": {"id": "id", "name": "name", "postcode": "post"},
            "private": {},
            "leave_out": (),
            "delimiter": ",",
        }
    )
    rows = list(read_rows(f"{header}1,A,2138\n2,B,21381234\n3,C,02138\n", "x.csv", mapping))

    assert [row.place.district for row in rows] == ["02138"] * 3
    assert "leading zeros" in rows[0].notes[0]


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for uploads."""
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def steward(db: None, django_user_model: Any) -> Client:
    """A browser in which a steward is signed in."""
    person = django_user_model.objects.create_user("ada", password="long enough for all")
    rights = ["access_admin", "change_listing"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    browser = Client()
    browser.force_login(person)
    return browser


def send(browser: Client, text: str | bytes) -> ListingUpload:
    raw = text.encode() if isinstance(text, str) else text
    browser.post(f"{PAGES}new/", {"file": SimpleUploadedFile("My table.csv", raw)})
    return ListingUpload.objects.latest("pk")


def typed(upload: ListingUpload, **changes: str) -> dict[str, str]:
    """Return the form as proposed, with changes, as a browser sends it."""
    seen = work.look(upload)
    form = work.form_for(upload, seen)
    sent = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    plain = {name: "" if value is None else value for name, value in sent.items()}
    plain = {name: value for name, value in plain.items() if value is not False}
    return {**plain, "consent": "organisation", "default_confirmed_on": day(), **changes}


def day() -> str:
    return timezone.localdate().isoformat()


def test_a_table_is_proposed_corrected_looked_at_and_imported(steward: Client, var: Path) -> None:
    upload = send(steward, TABLE)
    page = steward.get(f"{PAGES}{upload.pk}/").content.decode()
    assert "Phone private" in page
    assert "617-555-0101" in page

    answer = steward.post(f"{PAGES}{upload.pk}/", typed(upload), follow=True).content.decode()

    upload.refresh_from_db()
    assert upload.state == "checked"
    assert upload.report["counts"] == {"Imported": 1, "Left out": 1, "Rejected": 1}
    assert "There is no kind of support with the id" in answer
    assert not Listing.objects.exists()

    codes = "Counselling = counselling\nOdd thing = support_group"
    steward.post(f"{PAGES}{upload.pk}/", typed(upload, codes_kind=codes))
    steward.post(f"{PAGES}{upload.pk}/import/")
    assert not Listing.objects.exists()  # the background does it
    work.import_confirmed()

    upload.refresh_from_db()
    assert (upload.state, upload.folder) == ("done", "")
    found = {one.source_id: one for one in Listing.objects.select_related("place")}
    assert set(found) == {"1", "2"}
    assert found["1"].place.district == "02138"
    assert (found["1"].phone, found["2"].phone) == ("617-555-0101", "")
    assert not list((var / "imports").iterdir())
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"upload_listings", "import_listings"} <= verbs


def test_the_command_line_does_the_same_with_the_downloaded_mapping(
    steward: Client, tmp_path: Path
) -> None:
    upload = send(steward, TABLE)
    steward.post(f"{PAGES}{upload.pk}/", typed(upload))
    got = steward.get(f"{PAGES}{upload.pk}/mapping/")
    (tmp_path / "map.toml").write_bytes(got.content)
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")

    report = import_listings(
        tmp_path / "table.csv", tmp_path / "map.toml", clock=timezone.now, dry_run=True
    )

    upload.refresh_from_db()
    counts = {fate.label: count for fate, count in report.counts.items() if count}
    assert counts == upload.report["counts"]
    assert "attachment" in got["Content-Disposition"]


def test_an_import_that_was_cut_off_goes_on_and_a_second_one_changes_nothing(
    steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(steward, TABLE)
    steward.post(f"{PAGES}{upload.pk}/", typed(upload))
    steward.post(f"{PAGES}{upload.pk}/import/")
    real = work.import_mapped

    def cut_off(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(work, "import_mapped", cut_off)
    with pytest.raises(MemoryError):
        work.import_confirmed()
    upload.refresh_from_db()
    assert upload.state == "confirmed"

    monkeypatch.setattr(work, "import_mapped", real)
    work.import_confirmed()
    work.import_confirmed()
    assert Listing.objects.count() == 1
    again = send(steward, TABLE)
    steward.post(f"{PAGES}{again.pk}/", typed(again))
    again.refresh_from_db()
    assert again.report["counts"] == {"Unchanged": 1, "Left out": 1, "Rejected": 1}


@pytest.mark.parametrize("column", ["8", "9"])
def test_a_flag_may_not_be_passed_over_in_silence(steward: Client, column: str) -> None:
    upload = send(steward, TABLE)

    answer = steward.post(f"{PAGES}{upload.pk}/", typed(upload, **{f"column_{column}": ""}))

    page = answer.content.decode()
    assert "It may keep something back. Say what it does." in page
    assert "Error: My table.csv" in page
    upload.refresh_from_db()
    assert upload.state == "uploaded"
    steward.post(f"{PAGES}{upload.pk}/", typed(upload, **{f"column_{column}": LOOKED}))
    upload.refresh_from_db()
    assert upload.state == "checked"


def test_what_was_typed_is_kept_now_and_later(steward: Client) -> None:
    upload = send(steward, TABLE)
    wrong = typed(upload, source="Not a name!", codes_cost="cheap = low", column_3="")

    page = steward.post(f"{PAGES}{upload.pk}/", wrong).content.decode()
    later = steward.get(f"{PAGES}{upload.pk}/").content.decode()

    for one in (page, later):
        assert "Not a name!" in one
        assert "cheap = low" in one
    assert "Say which column holds the kind." in page


def test_two_columns_cannot_be_one_field(steward: Client) -> None:
    upload = send(steward, TABLE)

    page = steward.post(f"{PAGES}{upload.pk}/", typed(upload, column_1="id")).content.decode()

    assert "Ref is read as this already." in page


def test_I7_rejects_are_a_table_that_is_safe_to_open(steward: Client) -> None:
    upload = send(steward, TABLE.replace("2,Group", "=HYPERLINK(1),Group"))
    steward.post(f"{PAGES}{upload.pk}/", typed(upload))

    got = steward.get(f"{PAGES}{upload.pk}/rejects/").content.decode("utf-8-sig")

    [row] = list(csv.DictReader(io.StringIO(got)))
    assert row["id"] == "'=HYPERLINK(1)"
    assert row["repair"]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfea\x00", b"PK\x03\x04zip", b"<html></html>", b"\x00"]
)
def test_what_is_no_table_is_refused_in_words_and_deleted(
    steward: Client, var: Path, raw: bytes
) -> None:
    if not raw:
        assert steward.post(f"{PAGES}new/", {}).status_code == 200
        return
    upload = send(steward, raw)

    assert upload.state == "refused"
    assert "table.csv: " in upload.report["refused"]
    assert not [path for path in (var / "imports").rglob("*") if path.is_file()]
    assert steward.get(f"{PAGES}{upload.pk}/").status_code == 200


def test_an_upload_can_be_dropped(steward: Client, var: Path) -> None:
    upload = send(steward, TABLE)

    steward.post(f"{PAGES}{upload.pk}/drop/")

    assert not ListingUpload.objects.exists()
    assert not [path for path in (var / "imports").rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_only_stewards_come_this_far(django_user_model: Any, client: Client) -> None:
    ben = django_user_model.objects.create_user("ben", password="long enough for all")
    ben.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    upload = ListingUpload.objects.create(file="x.csv", started_at=timezone.now())
    browser = Client()
    browser.force_login(ben)
    addresses = ["", "new/", "download/", "1/", "1/import/", "1/drop/", "1/mapping/", "1/rejects/"]

    for address in addresses:
        path = f"{PAGES}{address}".replace("/1/", f"/{upload.pk}/")
        for answer in (browser.get(path), browser.post(path), client.get(path)):
            assert answer.status_code in {302, 403, 405}
    assert "Listings from a table" not in browser.get("/admin/").content.decode()


def test_the_download_asks_for_the_password_again_and_is_noted(steward: Client) -> None:
    make_listing(name="=Shown", confirmed_on=timezone.localdate())
    make_listing(name="CANARY", standing="hidden")

    refused = steward.post(f"{PAGES}download/", {"password": "wrong", "machine": ""})
    assert "That is not your password." in refused.content.decode()
    assert not Event.objects.filter(verb="export").exists()

    got = steward.post(f"{PAGES}download/", {"password": "long enough for all", "machine": ""})
    text = b"".join(got.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=Shown" in text
    assert "CANARY" not in text
    assert Event.objects.get(verb="export").by is not None
    assert "no-store" in got["Cache-Control"]


@example({"column_0": "\0", "source": "\0"})  # a database may keep no such character in JSON
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["source", "delimiter", "list_separator", "date_format",
       "postcode_digits", "codes_kind", "codes_cost", "default_country", "default_confirmed_on",
       "column_0", "column_3", "column_9"]), st.text(max_size=20)))  # fmt: skip
def test_nothing_that_is_typed_is_an_error_of_ours(
    steward: Client, changes: dict[str, str]
) -> None:
    upload = send(steward, TABLE)

    answer = steward.post(f"{PAGES}{upload.pk}/", {**typed(upload), **changes})

    assert answer.status_code in {200, 302}


def test_the_form_shows_each_column_with_its_first_cells() -> None:
    form = MappingForm(table(TABLE).columns)

    assert [row["column"].name for row in form.rows()][:2] == ["Ref", "Service"]
    assert form.rows()[6]["column"].samples[0] == "2138"
