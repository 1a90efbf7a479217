"""The US exclusion list: numbers surely, names possibly, and nobody forgotten."""

from datetime import UTC, datetime
from shutil import copy

import pytest

from stepwell.apps.directory.queries import shown
from stepwell.apps.registers import queries
from stepwell.apps.registers.models import Exclusion, TaxonomyTerm
from stepwell.domain.register_copy import Claim, Finding
from stepwell.importers.records import ImportRefused
from stepwell.importers.registers import import_leie, import_nucc
from tests.apps.directory.build import (
    TODAY,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEADER = (
    "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,"
    "EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE"
)


def line(last="EXAMPLE", first="ADA", business="", npi="0000000000", on="20200319", back="0" * 8):
    cells = [last, first, "", business, "IND", "COUNSELOR", "", npi, "19700102", "9 CANARY RD",
             "SPRINGFIELD", "IL", "62701", "1128a1", on, back, "0" * 8, ""]  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells)


def loaded(folder, lines, name="UPDATED.csv", **told):
    path = folder / name
    path.write_text("\r\n".join([HEADER, *lines, ""]), "utf-8", newline="")
    (outcome,) = import_leie(path, clock=lambda: NOW, **told)
    return outcome


def test_shared_sample_imports_with_its_quirks(shared, tmp_path):
    copy(shared / "directory" / "leie" / "sample_leie_synthetic.csv", tmp_path / "UPDATED.csv")

    (outcome,) = import_leie(tmp_path, clock=lambda: NOW)

    assert outcome.counts["new"] == 4
    assert list(Exclusion.objects.order_by("pk").values_list("npi", flat=True)) == [
        "2900000003", "", "2900000029", ""]  # fmt: skip
    business = Exclusion.objects.get(is_person=False)
    assert business.name_key == "EXAMPLERECOVERYHOMES"
    waived = Exclusion.objects.get(npi="2900000029")
    assert (str(waived.waived_on), waived.waiver_state) == ("2024-01-01", "TX")


def test_birthday_and_street_are_not_kept(tmp_path):
    loaded(tmp_path, [line()])

    assert "CANARY" not in str(list(Exclusion.objects.values()))
    assert "1970" not in str(list(Exclusion.objects.values()))


def test_second_run_changes_nothing(tmp_path):
    loaded(tmp_path, [line(), line(last="OTHER")])

    again = loaded(tmp_path, [line(), line(last="OTHER")])

    assert (again.counts["new"], again.counts["changed"], again.counts["unchanged"]) == (0, 0, 2)


def test_who_left_the_full_list_is_kept_and_no_longer_counts(tmp_path):
    loaded(tmp_path, [line(), line(last="OTHER")])

    later = loaded(tmp_path, [line(last="OTHER")])

    assert later.counts["withdrawn"] == 1
    assert str(Exclusion.objects.get(name="EXAMPLE").gone_on) == "2026-11-24"
    assert queries.look_up_exclusion(Claim(name="Ada Example")).finding is Finding.NONE
    assert queries.look_up_exclusion(Claim(name="Ada Other")).finding is Finding.POSSIBLE


def test_returns_of_a_month_end_exclusions_and_take_nobody_else_off(tmp_path):
    loaded(tmp_path, [line(), line(last="OTHER")])

    loaded(tmp_path, [line(back="20261101")], "2611rein.csv")

    assert queries.look_up_exclusion(Claim(name="Ada Example")).finding is Finding.NONE
    assert queries.look_up_exclusion(Claim(name="Ada Other")).finding is Finding.POSSIBLE


def test_number_is_sure_and_name_possible(tmp_path):
    loaded(tmp_path, [line(npi="2900000003"), line(last="OTHER")])

    by_number = queries.look_up_exclusion(Claim(name="Somebody Else", npi="2900000003"))
    by_name = queries.look_up_exclusion(Claim(name="Ada Other", npi="2900000011"))

    assert by_number.finding is Finding.MATCHED
    assert by_name.finding is Finding.POSSIBLE


def test_without_a_list_nothing_can_be_told():
    assert queries.look_up_exclusion(Claim(name="Ada")).finding is Finding.CANNOT_TELL


def test_dry_run_changes_nothing_and_a_bad_day_is_a_reject(tmp_path):
    outcome = loaded(tmp_path, [line(), line(on="20209999")], dry_run=True)

    assert (outcome.counts["new"], outcome.counts["rejected"]) == (1, 1)
    assert Exclusion.objects.count() == 0


def test_missing_column_is_named(tmp_path):
    path = tmp_path / "UPDATED.csv"
    path.write_text(HEADER.replace("EXCLDATE", "DAY") + "\r\n", "utf-8")

    with pytest.raises(ImportRefused, match="'EXCLDATE' is missing"):
        import_leie(path, clock=lambda: NOW)


def test_names_of_codes_come_from_the_hosts_own_list(tmp_path):
    path = tmp_path / "list.csv"
    head = "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section"
    body = (
        "101YM0800X,G,Made,Up,D,,Made-up name,Individual\n"
        "103TE1000X,G,Old,One,D,\"[1/1/2007: marked inactive, use  103G00000X]\",,Individual\n"
    )  # fmt: skip
    path.write_bytes(f"{head}\n{body}".encode("cp1252"))

    (outcome,) = import_nucc(path, clock=lambda: NOW)
    (again,) = import_nucc(path, clock=lambda: NOW)

    old = TaxonomyTerm.objects.get(code="103TE1000X")
    assert (outcome.counts["new"], again.counts["unchanged"]) == (2, 2)
    assert TaxonomyTerm.objects.get(code="101YM0800X").name == "Made-up name"
    assert (old.name, old.inactive, old.replaced_by) == ("Old, One", True, "103G00000X")
    assert old.version.startswith("list ")


def test_shared_code_list_imports(shared):
    path = shared / "directory" / "nucc" / "nucc_taxonomy_251.csv"

    (outcome,) = import_nucc(path, clock=lambda: NOW)

    assert outcome.counts["new"] == 883


def test_import_of_the_list_hides_its_providers_at_once_and_a_dry_run_nobody(tmp_path):
    provider = make_provider(name="Ada Example", type="person")
    listing = make_listing(provider=provider, place=make_place(country="US", town="Here"))
    make_credential(provider, register="us_nppes", number="2900000003", jurisdiction="US")

    loaded(tmp_path, [line(npi="2900000003")], dry_run=True)
    assert shown(TODAY).get() == listing
    loaded(tmp_path, [line(npi="2900000003")])
    assert not shown(TODAY).exists()
