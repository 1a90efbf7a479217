"""HSDS in bundles: CSV tables, tabular JSON, pages, the UK profile; what is told or refused."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stepwell.apps.directory.models import Credential, Fate, ImportRun, Listing, Place, Provider
from stepwell.domain.errors import FactError
from stepwell.importers.hsds import find
from stepwell.importers.pipeline import Report
from stepwell.importers.records import ImportRefused
from stepwell.importers.runs import import_hsds
from tests.importers.test_import_hsds import ORGANISATION, attribute, location, service

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TABLES = {
    "organizations": "id,name,description\no1,Example Organisation,About\n",
    "services": (
        "id,organization_id,name,status,assured_date\n"
        "s1,o1,Community Counselling,active,2026-11-20\n"
        "s2,o1,Family counselling,inactive,2026-11-20\n"
        "s3,o9,Counselling,active,2026-11-20\n"
    ),
    "locations": "id,location_type,latitude,longitude\nl1,physical,53.8,-1.55\n",
    "addresses": (
        "id,location_id,address_1,city,state_province,postal_code,country,address_type\n"
        "a1,l1,1 Road,Leeds,England,LS1 4AP,GB,physical\n"
        "a2,l9,2 Road,Leeds,England,LS1 4AP,GB,physical\n"
    ),
    "service_at_location": "id,service_id,location_id\nx1,s1,l1\nx2,s1,l9\n",
    "phones": "id,service_id,number\np1,s1,01632 960001\np2,s9,01632 960002\n",
    "languages": "id,service_id,code\ng1,s1,ur\n",
    "cost_options": "id,service_id,amount,currency\nc1,s1,35,GBP\n",
    "funding": "id,service_id,source\nf1,s1,A grant\n",
    "opening_times": "id\n1\n",
}  # fmt: skip


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder of CSV tables."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def bring(path: Path, **asked: Any) -> Report:
    """Import a path."""
    return import_hsds(path, clock=lambda: NOW, **asked)


def zipped(folder: Path, path: Path) -> Path:
    """Pack a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, f"inside/{one.name}")
    return path


def told(report: Report) -> set[tuple[str, str, str]]:
    """Return what became of every row: its id, its column and its fate."""
    return {(one.source_id, one.column, one.fate.value) for one in report.outcomes}


EVERY_FATE = {
    ("s1@l1", "", "imported"),
    ("s2", "status", "left_out"),
    ("s3", "organization_id", "rejected"),
    ("service_at_locations/x2", "service_at_locations: location_id", "rejected"),
    ("addresses/a2", "addresses: location_id", "rejected"),
    (
        "phones/p2",
        "phones: service_id or service_at_location_id or location_id or organization_id or "
        "contact_id",
        "rejected",
    ),
    ("", "funding", "left_out"),
    ("", "opening_times.csv", "left_out"),
}


@pytest.mark.django_db
def test_csv_tables_are_joined_and_every_fate_is_told(tables: Path) -> None:
    report = bring(tables)

    assert told(report) == EVERY_FATE
    assert all(one.reason and one.repair for one in report.rejected)
    listing = Listing.objects.get()
    assert (listing.phone, listing.cost, listing.cost_note) == ("01632 960001", "paid", "35 GBP")
    assert listing.place is not None
    assert (listing.place.town, listing.place.street) == ("Leeds", "1 Road")
    assert {term.value for term in listing.terms.all()} == {"ur"}


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["zip", "tabular", "long tables"])
def test_zip_and_tabular_json_say_the_same(
    tables: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.json"
    if form == "zip":
        path = zipped(tables, tmp_path / "bundle.zip")
    else:
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, text in TABLES.items():
            header, *lines = [line.split(",") for line in text.splitlines()]
            rows[f"{name}.csv"] = [dict(zip(header, line, strict=True)) for line in lines]
        rows["cost_options.csv"][0]["amount"] = 35  # type: ignore[assignment]
        path.write_text(json.dumps(rows))
    if form == "long tables":
        monkeypatch.setattr(find, "MOST_HELD", 3)

    report = bring(path)

    unknown = {("", "opening_times.csv", "left_out")}  # in JSON it is just a key
    assert told(report) | unknown == EVERY_FATE


@pytest.mark.django_db
def test_dry_run_says_what_the_run_does_and_a_second_run_changes_nothing(tables: Path) -> None:
    dry = bring(tables, dry_run=True)
    assert not Listing.objects.exists()
    assert not ImportRun.objects.exists()

    run = bring(tables)
    before = list(Listing.objects.values())
    again = bring(tables)

    assert dry.outcomes == run.outcomes
    assert again.counts[Fate.UNCHANGED] == 1
    assert again.counts[Fate.IMPORTED] == again.counts[Fate.UPDATED] == 0
    assert list(Listing.objects.values()) == before


@pytest.mark.django_db
def test_what_is_no_longer_in_the_tables_goes_and_what_is_broken_stays(tables: Path) -> None:
    services = tables / "services.csv"
    services.write_text(
        "id,organization_id,name,status\n"
        "s1,o1,Community Counselling,active\n"
        "s4,o1,Counselling two,active\ns5,o1,Counselling three,active\n"
    )
    (tables / "service_at_location.csv").write_text(
        "id,service_id,location_id\nx1,s1,l1\nx4,s4,l1\nx5,s5,l1\n"
    )
    bring(tables)
    services.write_text(
        "id,organization_id,name,status\n"
        "s1,o1,Community Counselling,active\ns4,o9,Counselling two,active\n"
    )

    dry = bring(tables, dry_run=True)
    report = bring(tables)

    assert dry.outcomes == report.outcomes
    standing = dict(Listing.objects.values_list("source_id", "standing"))
    assert standing == {"s1@l1": "active", "s4@l1": "active", "s5@l1": "withdrawn"}


@pytest.mark.django_db
def test_small_batches_give_the_same(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepwell.importers.batches.BATCH", 1)

    assert told(bring(tables)) == EVERY_FATE


@pytest.mark.django_db
def test_pages_of_an_api_are_read_in_a_list_in_lines_and_in_a_folder(tmp_path: Path) -> None:
    pages = [
        {
            "total_items": 3,
            "page_number": number,
            "empty": False,
            "contents": [service(id=f"s{number}")],
        }
        for number in (1, 2)
    ]
    last = {"total_items": 3, "empty": True, "contents": []}
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate([*pages, last]):
        (folder / f"page-{number}.json").write_text(json.dumps(page))
    as_list, as_lines = tmp_path / "list.json", tmp_path / "lines.ndjson"
    as_list.write_text(json.dumps([*pages, last]))
    as_lines.write_text("\n".join(json.dumps(page) for page in [*pages, last]))

    reports = [bring(path, source=path.stem) for path in (as_list, as_lines, folder)]

    for report in reports:
        assert [(one.row, one.source_id) for one in report.outcomes] == [(1, "s1@l1"), (2, "s2@l1")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["regular_schedules", "holiday_schedules", "eligibilitys", "service_taxonomys"]
)
def test_version_2_is_refused_in_one_sentence(tmp_path: Path, key: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps([service(**{key: []})]))

    with pytest.raises(ImportRefused, match=r"HSDS 2\.x or older; we read 3\.x"):
        bring(path)


@pytest.mark.django_db
def test_version_2_tables_are_refused(tables: Path) -> None:
    (tables / "physical_addresses.csv").write_text("id\n1\n")

    with pytest.raises(ImportRefused, match=r"HSDS 2\.x or older"):
        bring(tables)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("services.csv", b"name\nx\n", "no column id"),
        ("services.csv", b"id,name\n\xff\xfe,x\n", "not UTF-8"),
        ("services.csv", b'id,name\n"x,y\n', "no CSV we can read"),
        ("services.csv", b"id,name\n", "no services.csv with rows"),
        ("services.csv", b"id,name\n1,\x00\n", "zero bytes"),
    ],
)
def test_broken_tables_are_refused(tables: Path, name: str, content: bytes, said: str) -> None:
    (tables / name).write_bytes(content)

    with pytest.raises(ImportRefused, match=said):
        bring(tables)
    assert not Listing.objects.exists()


def hostile(path: Path, name: str, content: bytes = b"id\n1\n", mode: int = 0) -> Path:
    """Pack one file under any name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "mode", "said"),
    [
        ("../services.csv", b"id\n", 0, "outside"),
        ("/services.csv", b"id\n", 0, "outside"),
        ("C:\\services.csv", b"id\n", 0, "outside"),
        ("services.csv", b"id\n", 0o120777, "link"),
        ("services.csv", b"0" * 30_000_000, 0, "unpacked|unpacks"),
    ],
)
def test_I3_hostile_zips_are_refused(
    tmp_path: Path, name: str, content: bytes, mode: int, said: str
) -> None:
    path = hostile(tmp_path / "bundle.zip", name, content, mode)

    with pytest.raises(ImportRefused, match=said):
        bring(path)


@pytest.mark.django_db
def test_damaged_and_false_zips_are_refused(tmp_path: Path, tables: Path) -> None:
    whole = zipped(tables, tmp_path / "bundle.zip").read_bytes()
    for content in (b"no zip", whole[: len(whole) // 2]):
        path = tmp_path / "damaged.zip"
        path.write_bytes(content)

        with pytest.raises(ImportRefused, match="damaged"):
            bring(path)


@pytest.mark.django_db
def test_mapping_file_says_what_terms_mean(tmp_path: Path) -> None:
    mapping, path = tmp_path / "map.toml", tmp_path / "feed.json"
    mapping.write_text(
        '[[terms]]\ntaxonomy = "other"\nterm = "RP-1400"\nkind = "psychotherapy"\n'
        'formats = ["group"]\n[[terms]]\nterm = "Parking"\nleave_out = true\n'
    )
    term = attribute("other", "rp-1400", "Individual help")
    path.write_text(
        json.dumps(
            [
                service(name="Help", attributes=[term]),
                service(id="s2", attributes=[attribute("any", "x", "parking"), term]),
            ]
        )
    )

    report = bring(path, map_path=mapping)

    assert told(report) == {("s1@l1", "", "imported"), ("s2", "attributes", "left_out")}
    listing = Listing.objects.get()
    assert (listing.kind, [term.value for term in listing.terms.all()]) == (
        "psychotherapy",
        ["group"],
    )


def test_mapping_file_with_unknown_words_is_refused(tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[[terms]]\nterm = "x"\nkind = "magic"\n')

    with pytest.raises(FactError, match=r"map.toml: terms.0.kind: we do not know 'magic'"):
        bring(tmp_path / "feed.json", map_path=mapping)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"phones": [{"number": "01632 960999", "is_private": True}]},
        {"phones": [{"number": "01632 960999", "visibility": "internal"}]},
        {"contacts": [{"name": "Canary", "phones": [{"number": "01632 960999"}]}]},
        {"contacts": [{"title": "Desk", "private": "?", "phones": [{"number": "01632 960999"}]}]},
    ],
)
def test_private_numbers_are_never_stored(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(service(**change)))

    bring(path)

    assert Listing.objects.get().phone == ""


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"location_type": "postal"}, {"is_private": "yes"}])
def test_private_and_postal_places_keep_their_area_only(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(service(service_at_locations=[{"location": location(**change)}])))

    report = bring(path)

    place = Place.objects.get()
    assert (place.redacted, place.street) == (True, "")
    assert "only its area was kept" in report.outcomes[0].notes[0]


@pytest.mark.django_db
def test_private_service_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(service(do_not_publish=True)))

    assert told(bring(path)) == {("s1", "private", "left_out")}


@pytest.mark.django_db
def test_what_has_no_field_is_told_and_what_can_be_read_stays_in_the_text(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    hours = {
        "byday": "TH,FR",
        "opens_at": "10:00:00",
        "closes_at": "18:00",
        "description": "not in May",
    }
    path.write_text(
        json.dumps(
            service(
                accreditations="BACP", funding=[{"source": "x"}], schedules=[hours],
                eligibility_description="Everybody",
                phones=[{"number": "01632 960001", "extension": 7}],
            )
        )
    )  # fmt: skip

    report = bring(path)

    assert report.outcomes[0].notes == (
        "not kept, we have no field for it: accreditations, funding",
    )
    listing = Listing.objects.get()
    assert listing.about == (
        "Words\n\nFor whom: Everybody\n\nOpen: Thursday, Friday 10:00-18:00 (not in May)"
    )
    assert listing.phone == "01632 960001 ext. 7"


@pytest.mark.django_db
def test_credentials_of_our_profile_arrive_as_claims(tmp_path: Path) -> None:
    def said(taxonomy: str, code: str, value: str) -> dict[str, Any]:
        return {**attribute(taxonomy, code), "value": value, "link_type": "credential 1"}

    held = [
        said("stepwell_register", "gb_hcpc", "PYL12345"),
        said("stepwell_credential", "jurisdiction", "GB"),
        said("stepwell_credential", "state", "verified"),
        said("stepwell_credential", "expires_on", "2027-01-31"),
    ]
    person = attribute("stepwell_provider", "person")
    path = tmp_path / "feed.json"
    path.write_text(
        json.dumps(service(organization={**ORGANISATION, "attributes": [person, *held]}))
    )

    bring(path)

    credential = Credential.objects.get()
    assert (credential.register, credential.number, credential.state) == (
        "gb_hcpc", "PYL12345", "claimed",
    )  # fmt: skip
    assert str(credential.expires_on) == "2027-01-31"
    assert Provider.objects.get().type == "person"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["hsds-3.1/examples/csv", "hsds-3.1/examples/tabular.json", "hsds-uk-3.0/examples/csv"]
)
def test_published_bundles_import_with_every_row_told(shared: Path, name: str) -> None:
    path = shared / "directory" / name
    if not path.exists():
        pytest.skip("the published HSDS examples are not beside this checkout")

    report = bring(path)

    fates = {fate for one, _, fate in told(report) if one.startswith("ac148810")}
    assert fates == {"imported"}
    assert all(one.reason and one.repair for one in report.rejected)
    listing = Listing.objects.get()
    assert (listing.kind, listing.minimum_age) == ("counselling", 12)
    assert listing.place is not None
    assert listing.place.town == "MyCity"
    assert bring(path).counts[Fate.UNCHANGED] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["service_full", "organization_full", "service_at_location_full"])
def test_published_uk_examples_import(shared: Path, name: str) -> None:
    path = shared / "directory" / "hsds-uk-3.0" / "examples" / f"{name}.json"
    if not path.exists():
        pytest.skip("the published HSDS examples are not beside this checkout")

    report = bring(path)

    assert [one.fate for one in report.outcomes if one.source_id] == [Fate.IMPORTED]
    assert not report.rejected
    assert Listing.objects.get().kind == "counselling"
