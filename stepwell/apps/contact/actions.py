"""Writes: a letter is kept, taken back, read, settled, forgotten.

What visitors do is not in the audit: its moments would say when somebody wrote.
What staff do is, each time.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.contact.access import check_can_read_letters
from stepwell.apps.contact.codes import hash_of
from stepwell.apps.contact.models import Letter, SentForm
from stepwell.domain.errors import DomainError
from stepwell.domain.letters import Kind, State, check_can_become
from stepwell.lib import tombstones
from stepwell.lib.sealing import opened, seal_into

TOMBSTONE = "contact_letter"  # the kind under which a letter is noted as gone
FORMS_KEPT = timedelta(days=4)  # longer than a form may lie open


class NoReason(DomainError):
    """A letter is settled with a reason."""


class Opened(NamedTuple):
    """A letter in plain words, for one reader and one page."""

    message: str
    reply_to: str
    page: str


def keep_letter(
    *, kind: Kind, message: str, reply_to: str, page: str, code: str, today: date
) -> None:
    """Store a letter, sealed; when this returns it is on disk.

    The same code is stored once, however often and at once it comes, also after the
    letter was withdrawn.
    """
    key = hash_of(code)
    with transaction.atomic(durable=True):
        _, new = SentForm.objects.get_or_create(key=key, defaults={"sent_on": today})
        if not new:
            return
        letter = Letter(kind=kind.value, written_on=today, code_hash=key)
        seal_into(letter, message=message, reply_to=reply_to, page=page)
        letter.save(force_insert=True)


@transaction.atomic
def withdraw_letter(*, code: str) -> None:
    """Delete the letter with this code, if there is one. Nobody learns whether there was."""
    _delete_for_good(Letter.objects.filter(code_hash=hash_of(code)))


def _delete_for_good(letters: QuerySet[Letter]) -> int:
    """Delete letters so that no backup brings them back; return how many."""
    ids = list(letters.values_list("pk", flat=True))
    tombstones.add(Path(settings.TOMBSTONES_FILE), TOMBSTONE, ids, timezone.localdate())
    return Letter.objects.filter(pk__in=ids).delete()[0]


@transaction.atomic
def delete_again(keys: Iterable[str]) -> int:
    """Delete letters that a restored backup brought back; return how many there were."""
    return Letter.objects.filter(pk__in=[UUID(key) for key in keys]).delete()[0]


@transaction.atomic
def open_letter(*, letter_id: UUID, by: Person) -> Opened:
    """Return a letter in plain words and write down who read it."""
    check_can_read_letters(by)
    letter = Letter.objects.get(pk=letter_id)
    record(by=by, verb="read", thing=f"letter:{letter.pk}")
    return Opened(*(opened(letter, name) for name in Opened._fields))


@transaction.atomic
def settle_letter(*, letter_id: UUID, state: State, reason: str, by: Person, today: date) -> None:
    """Mark a letter as answered or closed."""
    check_can_read_letters(by)
    if not reason.strip():
        raise NoReason("Write down why, so that others can follow it.")
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    check_can_become(State(letter.state), state)
    letter.state, letter.settled_on, letter.settled_by = state.value, today, by
    letter.save(update_fields=["state", "settled_on", "settled_by"])
    record(by=by, verb=f"made {state}", thing=f"letter:{letter.pk}", reason=reason)


@transaction.atomic
def forget_old_letters(*, now: datetime) -> int:
    """Delete letters kept for as long as the host says, answered or not; return how many."""
    today = timezone.localdate(now)
    SentForm.objects.filter(sent_on__lt=today - FORMS_KEPT).delete()
    last = today - timedelta(days=settings.CONTACT_KEEP_DAYS)
    forgotten = _delete_for_good(Letter.objects.filter(written_on__lte=last))
    if forgotten:
        record(by=None, verb="forgot", thing="letters", reason=f"{forgotten} past their time")
    return forgotten
