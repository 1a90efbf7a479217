"""Documents that show a licence or title: sealed, read one at a time, deleted in time."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory.access import check_can_settle_credential
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.models import Credential, Evidence, EvidenceType
from stepwell.lib.sealing import opened, seal_into

MOST_BYTES = 5 * 1024 * 1024
# What a file begins with, and what it then is. Nothing else is taken.
STARTS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class File(NamedTuple):
    """A document in plain, for one steward."""

    name: str
    media_type: str
    content: bytes


def media_type_of(content: bytes) -> str:
    """Return what a file is by its first bytes; raise NotPossible for anything but PDF or image."""
    for start, media_type in STARTS.items():
        if content.startswith(start):
            return media_type
    raise NotPossible("This is neither a PDF nor a PNG or JPEG picture. Save it as one of these.")


@transaction.atomic
def add_evidence(
    *,
    credential: Credential,
    type: EvidenceType,
    issuer: str,
    number: str,
    purpose: str,
    content: bytes,
    by: Person,
    at: datetime,
) -> Evidence:
    """Store a document, sealed, with the number that stands on it."""
    check_can_settle_credential(by)
    if not content or len(content) > MOST_BYTES:
        raise NotPossible(
            f"A document has at most {MOST_BYTES // 1024 // 1024} MB. Make it smaller."
        )
    evidence = Evidence(
        credential=credential,
        type=type,
        issuer=issuer,
        purpose=purpose,
        media_type=media_type_of(content),
        size=len(content),
        sha256=sha256(content).hexdigest(),
        added_at=at,
        added_by=by,
    )
    seal_into(evidence, number=number, file=b64encode(content).decode())
    evidence.save(force_insert=True)
    record(by=by, verb="added", thing=f"evidence:{evidence.pk}", reason=purpose)
    return evidence


@transaction.atomic
def open_evidence(*, evidence: Evidence, by: Person) -> File:
    """Return a document in plain and write down who read it."""
    check_can_settle_credential(by)
    if evidence.file is None:
        raise NotPossible("This document was deleted in time. Its fingerprint is kept.")
    record(by=by, verb="read", thing=f"evidence:{evidence.pk}")
    name = f"{evidence.sha256[:12]}.{ENDINGS[evidence.media_type]}"
    return File(name, evidence.media_type, b64decode(opened(evidence, "file")))


def forget_old(*, now: datetime) -> int:
    """Delete documents EVIDENCE_KEEP_DAYS after the decision, or after nobody decided for twice
    as long; return how many. Fingerprint, issuer, days and people stay."""
    kept = timedelta(days=settings.EVIDENCE_KEEP_DAYS)
    there = Evidence.objects.filter(deleted_at=None)
    old = there.filter(decided_at__lt=now - kept)
    old |= there.filter(decided_at=None, added_at__lt=now - 2 * kept)
    count = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            row = there.filter(pk=pk)
            count += row.update(file=None, number=None, deleted_at=now)
            record(by=None, verb="deleted in time", thing=f"evidence:{pk}")
    return count
