"""Look-ups in the mirror, and that none of its rows is ever shown."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.snippets.models import get_snippet_models

from stepwell.apps.registers import models, queries
from stepwell.domain.credentials import Level
from stepwell.domain.register_copy import Claim, Finding
from stepwell.importers.registers import import_nppes
from tests.conftest import ROOT
from tests.importers.nppes.files import npi, row, write
from tests.web.addresses import ADDRESSES

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CANARY, PHONE = "ZYXWCANARY", "5550199999"


@pytest.fixture
def mirror(tmp_path):
    rows = [row(npi(n), last="EXAMPLE", first="ADA", licence=f"{n:06}") for n in range(1, 4)]
    former = {"Provider Other Last Name": "FORMER", "Provider Other First Name": "BO"}
    rows.append(
        row(npi(9), last=CANARY, first="BO", state="TX", town=CANARY, phone=PHONE, **former)
    )
    write(tmp_path / "npidata_pfile_20050523-20261108.csv", rows)
    import_nppes(tmp_path, clock=lambda: NOW)


def test_without_a_copy_nothing_can_be_told():
    assert queries.look_up(Claim(name="Ada Example")).finding is Finding.CANNOT_TELL


def test_number_and_name_match(mirror):
    proposal = queries.verification(Claim(name="Ada Example", npi=npi(1)))

    assert proposal.level is Level.REGISTER_MATCH


def test_name_state_and_licence_match_one_of_three_of_that_name(mirror):
    match = queries.look_up(Claim(name="Ada Example", state="IL", licence="2"))

    assert (match.finding, match.numbers) == (Finding.MATCHED, (npi(2),))


def test_name_alone_is_possible_and_a_former_name_is_found(mirror):
    many = queries.look_up(Claim(name="Ada Example", state="IL"))
    former = queries.look_up(Claim(name="Bo Former", state="TX"))

    assert (many.finding, len(many.numbers)) == (Finding.POSSIBLE, 3)
    assert former.numbers == (npi(9),)


@pytest.mark.parametrize(
    ("register", "number", "jurisdiction", "level"),
    [
        ("us_nppes", "{npi}", "US", Level.REGISTER_MATCH),
        ("us_counseling", "1", "US-IL", Level.REGISTER_MATCH),
        ("us_counseling", "77", "US-IL", None),
        ("us_counseling", "1", "US", None),
        ("gb_hcpc", "PYL123456", "GB", None),
    ],
)
def test_credential_leads_to_a_proposal(mirror, register, number, jurisdiction, level):
    proposal = queries.verification_for(
        name="Ada Example",
        register=register,
        number=number.format(npi=npi(1)),
        jurisdiction=jurisdiction,
    )

    assert proposal.level == level
    assert proposal.reasons


def test_exclusion_by_name_needs_a_person_whatever_the_register_says(mirror):
    models.MirrorRun.objects.create(
        source="us_leie", part="exclusions", file="x", fingerprint="x", full=True, state="merged",
        started_at=NOW,
    )  # fmt: skip
    models.Exclusion.objects.create(
        key="x", is_person=True, name="EXAMPLE", given_names="ADA", name_key="EXAMPLE",
        given_key="ADA", basis="1128a1", excluded_on=NOW.date(), last_seen_on=NOW.date(),
    )  # fmt: skip

    proposal = queries.verification(Claim(name="Ada Example", npi=npi(1)))

    assert (proposal.level, proposal.needs_person) == (None, True)


def test_while_a_first_file_is_half_loaded_nothing_can_be_told(mirror):
    models.MirrorRun.objects.create(
        source="us_nppes", part="main", file="x", fingerprint="x", full=True, state="reading",
        straight=True, started_at=NOW,
    )  # fmt: skip

    match = queries.look_up(Claim(name="Ada Example", npi=npi(1)))

    assert match.finding is Finding.CANNOT_TELL


def test_look_up_takes_a_fixed_number_of_queries(mirror):
    with CaptureQueriesContext(
        connection,
    ) as by_name:
        queries.look_up(Claim(name="Ada Example", state="IL"))
    with CaptureQueriesContext(connection) as by_number:
        queries.look_up(Claim(name="Ada Example", npi=npi(1)))

    assert (len(by_name), len(by_number)) == (8, 6)


def test_look_up_by_number_and_by_name_use_an_index(mirror):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL scans small tables whatever indexes there are")

    by_number = queries.by_number(npi(1)).explain()
    by_name = models.RegisterEntry.objects.filter(name_key__in=["A", "B"]).explain()

    assert "registers_entry_once" in by_number
    assert "registers_entry_name" in by_name


def test_codes_of_entries_come_with_the_primary_first(mirror):
    assert queries.codes_of([npi(1), "x"]) == {npi(1): ["101YM0800X"]}


def test_no_door_shows_a_row_of_the_mirror(client, mirror):
    for address in [*ADDRESSES.values(), "/", "/find/", "/support/", "/help-now/"]:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert CANARY.encode() not in body, address
        assert PHONE.encode() not in body, address
    answer = client.post("/find/", {"kind": "psychotherapy", "country": "US", "town": CANARY})
    assert PHONE.encode() not in answer.content


def test_no_door_but_the_importers_knows_the_tables_of_the_mirror():
    sources = [path for path in (ROOT / "stepwell").rglob("*.py") if "migrations" not in path.parts]
    knowing = {
        path.relative_to(ROOT / "stepwell").parts[0]
        for path in sources
        if "apps.registers.models" in path.read_text("utf-8") and "registers" not in path.parts
    }

    assert knowing == {"importers"}


def test_no_table_of_the_mirror_is_in_the_admin_or_has_an_address():
    own = {getattr(models, name) for name in ("RegisterEntry", "RegisterTaxonomy", "RegisterName",
           "RegisterPlace", "RegisterEndpoint", "Exclusion")}  # fmt: skip

    assert not own & set(get_snippet_models())
    assert not any(hasattr(model, "get_absolute_url") for model in own)
