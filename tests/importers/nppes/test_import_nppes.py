"""What the import of NPPES keeps, refuses and leaves alone, on small files of invented people."""

import csv
import io
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from stepwell.apps.registers.models import (
    MirrorRun,
    RegisterEndpoint,
    RegisterEntry,
    RegisterName,
    RegisterPlace,
    RegisterTaxonomy,
)
from stepwell.importers.mirror import archive
from stepwell.importers.nppes import child
from stepwell.importers.records import ImportRefused
from stepwell.importers.registers import import_nppes
from tests.importers.nppes.files import HEADER, bare, npi, row, write

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FULL = "npidata_pfile_20050523-20261108.csv"
WEEK = "npidata_pfile_20261102-20261108.csv"


def imported(path, **told):
    return import_nppes(path, clock=lambda: NOW, **told)


def loaded(path, rows, **told):
    write(path, rows)
    (outcome,) = imported(path, **told)
    return outcome


def entry(place: int) -> RegisterEntry:
    return RegisterEntry.objects.get(number=npi(place))


def standings() -> dict[str, int]:
    return dict(RegisterEntry.objects.values_list("number", "standing"))


def test_person_is_kept_with_what_a_check_needs_and_nothing_else(tmp_path):
    private = {
        "Provider First Line Business Mailing Address": "9 CANARY RD",
        "Provider Sex Code": "F",
        "Employer Identification Number (EIN)": "<UNAVAIL>",
    }
    told = row(npi(1), middle="B", **private)

    loaded(tmp_path / WEEK, [told])

    one = entry(1)
    assert (one.name, one.given_names, one.name_key, one.given_key) == (
        "EXAMPLE", "ADA B", "EXAMPLE", "ADA")  # fmt: skip
    assert (one.town, one.state, one.postcode, one.country) == ("SPRINGFIELD", "IL", "62701", "US")
    held = RegisterTaxonomy.objects.get()
    assert (held.licence, held.licence_key, held.state, held.is_primary) == (
        "180.001234", "180001234", "IL", True)  # fmt: skip
    assert "CANARY" not in str(list(RegisterEntry.objects.values()))


@pytest.mark.parametrize(
    ("told", "field", "expected"),
    [
        ({"state": "NEW YORK"}, "state", "NY"),
        ({"state": "BAYERN", "country": "DE", "postcode": "80331"}, "state", "BAYERN"),
        ({"postcode": "1843"}, "postcode", "01843"),
        ({"postcode": "18430001"}, "postcode", "01843"),
        ({"postcode": "EC1A 1BB", "country": "GB", "state": "LONDON"}, "postcode", "EC1A 1BB"),
        ({"country": ""}, "country", "US"),
        ({"last": "O'BRIEN-MÜLLER"}, "name_key", "OBRIENMULLER"),
        ({"phone": "<UNAVAIL>"}, "phone", ""),
        ({"off": "01/02/2019", "on": "03/04/2020"}, "standing", 1),
        ({"off": "01/02/2019", "on": "03/04/2018"}, "standing", 2),
        ({"off": "01/02/2019"}, "standing", 2),
        ({"kind": "2", "last": "", "first": "", "organisation": "EXAMPLE CENTER, LLC"},
         "name_key", "EXAMPLECENTER"),
    ],
)  # fmt: skip
def test_quirk_is_handled(tmp_path, told, field, expected):
    loaded(tmp_path / WEEK, [row(npi(1), **told)])

    assert getattr(entry(1), field) == expected


def test_name_with_quotes_commas_and_a_line_break_is_one_cell(tmp_path):
    name = 'EXAMPLE "ONE", TWO\nTHREE INC'

    loaded(tmp_path / WEEK, [row(npi(1), kind="2", last="", first="", organisation=name)])

    assert entry(1).name_key == "EXAMPLEONETWOTHREE"


def test_fifteen_taxonomies_and_none_that_is_primary(tmp_path):
    told = row(npi(1), switch="X")
    for n in range(2, 16):
        told[f"Healthcare Provider Taxonomy Code_{n}"] = "103TC0700X"

    loaded(tmp_path / WEEK, [told])

    assert list(RegisterTaxonomy.objects.order_by("position").values_list("position", flat=True)) \
        == list(range(1, 16))  # fmt: skip
    assert not RegisterTaxonomy.objects.filter(is_primary=True).exists()


def test_other_names_are_kept_for_look_up(tmp_path):
    told = row(npi(1), **{"Provider Other Last Name": "ST. CLAIR", "Provider Other First Name": "A",
                          "Provider Other Organization Name": "EXAMPLE GROUP LLC"})  # fmt: skip

    loaded(tmp_path / WEEK, [told])

    assert set(RegisterName.objects.values_list("name_key", flat=True)) == {
        "STCLAIR", "EXAMPLEGROUP"}  # fmt: skip


def test_rejects_are_told_with_line_and_repair_and_quote_nothing(tmp_path):
    rows = [row(npi(n)) for n in range(1, 12)]
    rows += [row("1234567890"), row(npi(20), kind="7"), row(npi(21), last="", first=""),
             row(npi(3), last="=CANARY")]  # fmt: skip

    outcome = loaded(tmp_path / WEEK, rows, rejects=tmp_path / "rejects")

    told = (tmp_path / "rejects" / outcome.rejects).read_text("utf-8")
    lines = list(csv.reader(io.StringIO(told)))
    assert outcome.counts["rejected"] == 4
    assert [line[0] for line in lines] == ["line", "13", "14", "15", "16"]
    assert "CANARY" not in told
    assert all(line[3] and line[4] for line in lines[1:])


def test_mostly_rejects_refuse_the_file_and_leave_nothing(tmp_path):
    with pytest.raises(ImportRefused, match=r"line 2, NPI"):
        loaded(tmp_path / WEEK, [row("1234567890") for _ in range(20)])

    assert RegisterEntry.objects.count() == 0
    assert MirrorRun.objects.get().state == "refused"


def test_refused_second_file_leaves_what_was_there(tmp_path):
    loaded(tmp_path / FULL, [row(npi(n)) for n in range(40)])

    with pytest.raises(ImportRefused, match="we hold 40"):
        loaded(tmp_path / "npidata_pfile_20050523-20261208.csv", [row(npi(n)) for n in range(15)])

    assert set(standings().values()) == {1}


def test_increment_adds_and_changes_and_takes_nothing_away(tmp_path):
    loaded(tmp_path / FULL, [row(npi(n)) for n in range(5)])

    week = loaded(tmp_path / WEEK, [row(npi(1), last="NEWNAME"), row(npi(9)),
                                    bare(npi(2), "11/03/2026")])  # fmt: skip

    assert {k: week.counts[k] for k in ("new", "changed", "unchanged", "withdrawn")} == {
        "new": 1, "changed": 2, "unchanged": 0, "withdrawn": 0}  # fmt: skip
    assert entry(1).name_key == "NEWNAME"
    assert (entry(2).standing, entry(2).name) == (2, "")
    assert entry(2).taxonomies.count() == 0
    assert standings()[npi(4)] == 1


def test_full_file_marks_what_it_no_longer_has_and_brings_it_back(tmp_path):
    rows = [row(npi(n)) for n in range(12)]
    loaded(tmp_path / FULL, rows)

    later = loaded(tmp_path / "npidata_pfile_20050523-20261208.csv", rows[:10])
    gone = standings()[npi(11)]
    back = loaded(tmp_path / "npidata_pfile_20050523-20270108.csv", rows)

    assert (later.counts["withdrawn"], gone) == (2, 3)
    assert back.counts["changed"] == 2
    assert set(standings().values()) == {1}


def test_full_file_with_an_unreadable_number_marks_nothing_as_missing(tmp_path):
    rows = [row(npi(n)) for n in range(12)]
    loaded(tmp_path / FULL, rows)

    later = loaded(tmp_path / "npidata_pfile_20050523-20261208.csv", [*rows[:10], row("29")])

    assert later.counts["withdrawn"] == 0
    assert any("nothing was taken for missing" in note for note in later.notes)


def test_dry_run_says_what_would_be_and_changes_nothing(tmp_path):
    loaded(tmp_path / FULL, [row(npi(n)) for n in range(3)])

    outcome = loaded(tmp_path / WEEK, [row(npi(1), last="NEWNAME"), row(npi(9))], dry_run=True)

    assert (outcome.fate, outcome.counts["new"], outcome.counts["changed"]) == ("dry run", 1, 1)
    assert RegisterEntry.objects.count() == 3
    assert MirrorRun.objects.count() == 1


def test_resume_without_an_unfinished_run_is_an_error(tmp_path):
    with pytest.raises(ImportRefused, match="no unfinished import"):
        imported(write(tmp_path / WEEK, [row(npi(1))]), resume=True)


def test_missing_column_is_named_with_its_file(tmp_path):
    header = [name for name in HEADER if name != "NPI Deactivation Date"]
    told = {k: v for k, v in row(npi(1)).items() if k in header}

    with pytest.raises(ImportRefused, match=rf"{WEEK}.*'NPI Deactivation Date' is missing"):
        imported(write(tmp_path / WEEK, [told], header))


def test_columns_in_another_order_with_unknown_ones_between_are_fine(tmp_path):
    header = ["npi_managed_by", *reversed(HEADER), "npi_activation_status"]
    told = {**row(npi(1)), "npi_activation_status": "deactive", "npi_managed_by": "npd"}

    imported(write(tmp_path / WEEK, [told], header))

    assert (entry(1).standing, entry(1).name) == (2, "EXAMPLE")


def test_folder_without_any_known_file_is_refused(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")

    with pytest.raises(ImportRefused, match="no file in it has the header"):
        imported(tmp_path)


def test_side_files_add_to_entries_and_a_list_strikes_numbers(tmp_path):
    write(tmp_path / FULL, [row(npi(n)) for n in range(3)])
    place = "Provider Secondary Practice Location Address"
    (tmp_path / "pl_pfile.csv").write_text(
        f'"NPI","{place}-  Address Line 2","{place} - City Name","{place} - State Name",'
        f'"{place} - Postal Code","{place} - Country Code (If outside U.S.)",'
        f'"{place} - Telephone Number"\n"{npi(1)}","","PEORIA","IL","61602","US","5550100001"\n'
        f'"{npi(77)}","","PEORIA","IL","61602","US",""\n', "utf-8")  # fmt: skip
    (tmp_path / "endpoint_pfile.csv").write_text(
        f'"NPI","Endpoint Type","Endpoint"\n"{npi(1)}","FHIR","https://fhir.example.org/r4"\n'
        f'"{npi(1)}","DIRECT","ada@direct.example.org"\n', "utf-8")  # fmt: skip
    (tmp_path / "deactivated.csv").write_text(
        f'"NPI","NPPES Deactivation Date"\n"{npi(2)}","11/20/2026"\n"{npi(88)}","11/20/2026"\n',
        "utf-8",
    )

    imported(tmp_path)
    again = imported(tmp_path, full=False)

    assert RegisterPlace.objects.get().town == "PEORIA"
    assert RegisterEndpoint.objects.get().address == "https://fhir.example.org/r4"
    assert str(entry(2).struck_on) == str(entry(88).struck_on) == "2026-11-20"
    assert {one.fate for one in again} == {"loaded already"}


def zipped(path, *members):
    with ZipFile(path, "w", ZIP_DEFLATED) as out:
        for name, body in members:
            out.writestr(name, body)
    return path


def test_zip_is_read_without_unpacking(tmp_path):
    body = write(tmp_path / "x.csv", [row(npi(1)), row(npi(2))]).read_bytes()

    (outcome,) = imported(zipped(tmp_path / "nppes.zip", (f"deep/{FULL}", body), ("a.pdf", b"%")))

    assert (outcome.counts["new"], outcome.full) == (2, True)


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:/e.csv"])
def test_I3_zip_with_a_name_that_leads_outside_is_refused(tmp_path, name):
    with pytest.raises(ImportRefused, match="outside"):
        imported(zipped(tmp_path / "nppes.zip", (name, b"NPI\n")))


def test_I3_zip_with_a_link_is_refused(tmp_path):
    link = ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16

    with pytest.raises(ImportRefused, match="a link"):
        imported(zipped(tmp_path / "nppes.zip", (link, b"/etc/passwd")))


def test_I3_zip_that_unpacks_to_far_too_much_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="unpacked it would be"):
        imported(zipped(tmp_path / "nppes.zip", (FULL, b'"",' * 20_000_000)))


def test_I3_zip_with_too_many_files_or_none_at_all_is_refused(tmp_path):
    many = [(f"{n}.csv", b"NPI\n") for n in range(archive.MOST_MEMBERS + 1)]
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04 torn")

    with pytest.raises(ImportRefused, match="more than"):
        imported(zipped(tmp_path / "nppes.zip", *many))
    with pytest.raises(ImportRefused, match="damaged"):
        imported(tmp_path / "torn.zip")


def test_rows_come_the_same_from_a_second_process_first_and_later(tmp_path, monkeypatch):
    rows = [row(npi(n), last=f"EXAMPLE{n}") for n in range(30)]
    rows[3]["Healthcare Provider Taxonomy Code_2"] = "103TC0700X"
    monkeypatch.setattr(child, "SMALL", 0)

    first = loaded(tmp_path / FULL, [*rows, row("1234567890")])
    rows[4] = row(npi(4), last="RENAMED")
    rows[5] = rows[3]
    later = loaded(tmp_path / "npidata_pfile_20050523-20261208.csv", rows)

    assert (first.counts["new"], first.counts["rejected"]) == (30, 1)
    assert later.counts == {
        "read": 30, "new": 0, "changed": 1, "unchanged": 28, "withdrawn": 1, "rejected": 1,
    }  # fmt: skip
    assert (entry(4).name, entry(3).taxonomies.count()) == ("RENAMED", 2)
    assert standings()[npi(5)] == 3


def test_file_that_the_second_process_refuses_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path / WEEK, [row(npi(1))])
    with path.open("a") as file:
        file.write('"' + "x" * 900_000)
    monkeypatch.setattr(child, "SMALL", 0)

    with pytest.raises(ImportRefused, match="longer than"):
        imported(path)
