"""The sample files with the real files' quirks, where the reference data is."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pytest

from stepwell.apps.registers.models import (
    MirrorRun,
    RegisterEndpoint,
    RegisterEntry,
    RegisterName,
    RegisterPlace,
    RegisterTaxonomy,
)
from stepwell.domain.register_copy import Standing
from stepwell.importers.registers import import_nppes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def imported(path: Path, **told):
    return import_nppes(path, clock=lambda: NOW, **told)


@pytest.fixture
def v2(shared, tmp_path) -> Path:
    for name in ("npidata_pfile_v2", "pl_pfile", "othername_pfile", "endpoint_pfile"):
        copy(shared / "directory" / "nppes" / f"sample_{name}_synthetic.csv", tmp_path)
    return tmp_path


def test_v2_sample_imports_as_a_whole(v2):
    outcomes = {outcome.part.value: outcome for outcome in imported(v2)}

    assert outcomes["main"].counts["new"] == 300
    assert outcomes["main"].counts["rejected"] == 0
    assert RegisterEntry.objects.count() == 300
    assert RegisterPlace.objects.count() == outcomes["places"].counts["new"] > 0
    assert RegisterName.objects.filter(origin=2).count() == outcomes["names"].counts["new"] > 0
    assert RegisterEndpoint.objects.count() == 0
    mailboxes = "an endpoint looks like somebody's mailbox and was not kept"
    assert outcomes["endpoints"].notes[mailboxes] == outcomes["endpoints"].counts["read"]


def test_v2_sample_a_second_time_changes_nothing(v2):
    imported(v2)
    before = list(RegisterEntry.objects.order_by("number").values_list())
    for file in v2.iterdir():
        file.touch()

    again = imported(v2)

    assert [outcome.fate for outcome in again] == ["merged"] * 4
    for outcome in again:
        assert outcome.counts["new"] == outcome.counts["changed"] == 0
        assert outcome.counts["withdrawn"] == 0
    assert list(RegisterEntry.objects.order_by("number").values_list()) == before


def test_the_same_file_untouched_is_not_read_again(v2):
    imported(v2)

    again = imported(v2)

    assert {outcome.fate for outcome in again} == {"loaded already"}


def test_v2_sample_quirks(v2):
    imported(v2)

    back = RegisterEntry.objects.get(number="2900000144")
    assert back.standing == Standing.ACTIVE  # deactivated 2019, reactivated 2020
    gone = RegisterEntry.objects.get(number="2900000284")
    assert (gone.standing, gone.name, str(gone.deactivated_on)) == (2, "", "2019-03-13")
    assert RegisterEntry.objects.filter(name_key="ALRASHID", name="AL-RASHID").exists()
    assert RegisterEntry.objects.filter(name_key="DELACRUZ", name="DE LA CRUZ").exists()
    assert RegisterEntry.objects.filter(name_key="MULLER", name="MÜLLER").exists()
    assert RegisterTaxonomy.objects.filter(licence="C2217.LIC", licence_key="C2217").exists()
    assert RegisterTaxonomy.objects.filter(licence="001595", licence_key="1595").exists()
    assert RegisterTaxonomy.objects.filter(position=15).exists()
    assert RegisterTaxonomy.objects.filter(position=1, is_primary=None).exists()
    lengths = {len(one.postcode) for one in RegisterEntry.objects.filter(country="US")}
    assert lengths == {5}
    everything = " ".join(map(str, RegisterEntry.objects.values_list()))
    assert "UNAVAIL" not in everything


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_versions_of_the_main_file_are_read_by_name(shared, tmp_path, version):
    copy(shared / "directory" / "nppes" / f"sample_npidata_pfile_{version}_synthetic.csv", tmp_path)

    (outcome,) = imported(tmp_path)

    entry = RegisterEntry.objects.get(number="2900000003")
    assert outcome.counts["rejected"] == 0
    assert entry.name_key
    assert MirrorRun.objects.get().state == "merged"


def test_v1_header_is_read_by_name(shared, tmp_path):
    folder = shared / "directory" / "nppes"
    head = (folder / "npidata_pfile_v1_header.csv").read_text("utf-8").rstrip("\n")
    body = (folder / "sample_npidata_pfile_v2_synthetic.csv").read_text("utf-8").split("\n", 1)[1]
    (tmp_path / "npidata_pfile_v1.csv").write_text(f"{head}\n{body}", "utf-8")

    (outcome,) = imported(tmp_path)

    assert outcome.counts["new"] == 300
