"""Four eyes: two different people, the same document, nobody who works there; sealed evidence."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.models import (
    Credential,
    CredentialCheck,
    Evidence,
    EvidenceType,
)
from stepwell.apps.directory.stewards import checks, evidence
from stepwell.domain.credentials import Level, State
from tests.apps.directory.build import make_credential, make_listing

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
CANARY = b"%PDF-1.7 ZYXWCANARY"


def steward(name: str) -> Person:
    """Store a steward of credentials."""
    person = Person.objects.create(username=name)
    person.user_permissions.add(Permission.objects.get(codename="change_credential"))
    return person


@pytest.fixture
def ada() -> Person:
    return steward("ada")


@pytest.fixture
def bo() -> Person:
    return steward("bo")


@pytest.fixture
def credential() -> Credential:
    return make_credential(make_listing().provider)


def add(credential: Credential, by: Person, content: bytes = CANARY) -> Evidence:
    """Store a document."""
    return evidence.add_evidence(
        credential=credential, type=EvidenceType.LICENCE, issuer="Example register",
        number="CANARYNUMBER", purpose="to check the licence", content=content, by=by, at=AT,
    )  # fmt: skip


def accept(credential: Credential, document: Evidence | None, by: Person, **more: Any) -> None:
    """Record that somebody accepted a document."""
    said = {"state": State.VERIFIED, "level": Level.EVIDENCE_SEEN, "expires_on": None,
            "reason": "seen", "at": AT, "apart": True, **more}  # fmt: skip
    checks.settle_credential(credential=credential, evidence=document, by=by, **said)
    credential.refresh_from_db()


def test_two_different_people_who_accept_the_same_document_make_level_three(
    credential: Credential, ada: Person, bo: Person
) -> None:
    document = add(credential, ada)

    accept(credential, document, ada)
    assert credential.level == Level.EVIDENCE_SEEN
    with pytest.raises(NotPossible, match="Somebody else"):
        accept(credential, document, ada)
    accept(credential, document, bo)

    assert credential.level == Level.TWO_APPROVED
    said = CredentialCheck.objects.order_by("pk").values_list("by", "evidence", "outcome")
    assert list(said) == [(one.pk, document.pk, "verified") for one in (ada, bo)]
    verbs = list(Event.objects.order_by("pk").values_list("by", "verb"))
    assert verbs == [(ada.pk, "added"), (ada.pk, "made verified"), (bo.pk, "made verified")]


def test_another_document_or_a_refusal_between_is_not_two(
    credential: Credential, ada: Person, bo: Person
) -> None:
    first, second = add(credential, ada), add(credential, bo, b"%PDF-another")

    accept(credential, first, ada)
    accept(credential, second, bo)
    assert credential.level == Level.EVIDENCE_SEEN

    accept(credential, first, bo, state=State.REFUSED)
    accept(credential, None, bo, state=State.CLAIMED)
    accept(credential, first, bo)
    assert credential.level == Level.EVIDENCE_SEEN


def test_document_of_another_credential_or_none_proves_nothing(
    credential: Credential, ada: Person
) -> None:
    other = add(make_credential(make_listing().provider), ada)

    for document in (None, other):
        with pytest.raises(NotPossible, match="document"):
            accept(credential, document, ada)
    with pytest.raises(NotPossible, match="Say what you saw"):
        accept(credential, None, ada, level=Level.TWO_APPROVED)
    assert not CredentialCheck.objects.exists()


def test_who_works_with_a_provider_is_refused_and_the_refusal_is_written_down(
    credential: Credential, ada: Person
) -> None:
    document = add(credential, ada)

    with pytest.raises(NotPossible, match="does not work with"):
        accept(credential, document, ada, apart=False)
    checks.declare_link(provider=credential.provider, by=ada, reason="same practice")
    checks.declare_link(provider=credential.provider, by=ada, reason="same practice")
    with pytest.raises(NotPossible, match="does not work with"):
        accept(credential, document, ada)

    credential.refresh_from_db()
    assert credential.state == "claimed"
    said = Event.objects.order_by("pk").values_list("verb", "reason")
    assert list(said)[1:] == [
        ("check refused", "did not say that they are apart"),
        ("works with", "same practice"),
        ("check refused", "works with the provider"),
    ]


@pytest.mark.parametrize(
    ("register", "level", "days"),
    [
        ("gb_hcpc", Level.REGISTER_CONFIRMED, 365),
        ("gb_bacp", Level.REGISTER_CONFIRMED, 182),
        ("gb_hcpc", Level.REGISTER_MATCH, 90),
        ("gb_hcpc", Level.EVIDENCE_SEEN, 180),
    ],
)
def test_next_check_is_set_by_level_and_register(
    ada: Person, register: str, level: Level, days: int
) -> None:
    credential = make_credential(make_listing().provider, register=register)
    document = add(credential, ada) if level is Level.EVIDENCE_SEEN else None

    accept(credential, document, ada, level=level, conditions="Only under supervision")
    assert credential.next_check_on == AT.date() + timedelta(days=days)
    assert credential.conditions == "Only under supervision"

    accept(credential, None, ada, level=Level.REGISTER_CONFIRMED, expires_on=date(2026, 12, 1))
    assert credential.next_check_on == date(2026, 12, 1)
    accept(credential, None, ada, state=State.REFUSED)
    assert credential.next_check_on is None


def test_evidence_is_sealed_in_the_database_and_each_reading_is_written_down(
    credential: Credential, ada: Person
) -> None:
    document = add(credential, ada)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM directory_evidence")
        stored = str(cursor.fetchall())
    for canary in ("CANARY", b64encode(CANARY).decode()[:20]):
        assert canary not in stored
    file = evidence.open_evidence(evidence=document, by=ada)
    assert (file.content, file.media_type) == (CANARY, "application/pdf")
    assert Event.objects.filter(verb="read", thing=f"evidence:{document.pk}", by=ada).count() == 1
    with pytest.raises(PermissionDenied):
        evidence.open_evidence(evidence=document, by=Person.objects.create(username="cy"))


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ\x90", CANARY + b"0" * 5 * 1024 * 1024])
def test_only_small_documents_and_pictures_are_taken(
    credential: Credential, ada: Person, content: bytes
) -> None:
    with pytest.raises(NotPossible):
        add(credential, ada, content)
    assert not Evidence.objects.exists()


def test_evidence_goes_in_time_and_its_fingerprint_stays(
    credential: Credential, ada: Person
) -> None:
    decided, waiting = add(credential, ada), add(credential, ada, b"%PDF-2")
    accept(credential, decided, ada)
    last = AT + timedelta(days=settings.EVIDENCE_KEEP_DAYS)

    assert evidence.forget_old(now=last) == 0
    assert evidence.forget_old(now=last + timedelta(seconds=1)) == 1

    decided.refresh_from_db()
    assert (decided.file, decided.number) == (None, None)
    assert (len(decided.sha256), decided.issuer, decided.added_by) == (64, "Example register", ada)
    assert CredentialCheck.objects.get().evidence == decided
    with pytest.raises(NotPossible, match="deleted"):
        evidence.open_evidence(evidence=decided, by=ada)
    much_later = AT + 2 * timedelta(days=settings.EVIDENCE_KEEP_DAYS, seconds=1)
    assert evidence.forget_old(now=much_later) == 1
    waiting.refresh_from_db()
    assert waiting.file is None


def test_database_refuses_a_file_that_is_said_to_be_deleted(
    credential: Credential, ada: Person
) -> None:
    document = add(credential, ada)

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=document.pk).update(deleted_at=AT)


def test_match_is_recorded_only_where_the_copy_still_matches(
    credential: Credential, ada: Person
) -> None:
    with pytest.raises(NotPossible, match="no match"):
        checks.record_match(credential=credential, by=ada, apart=True, at=AT)
