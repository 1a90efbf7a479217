"""What stewards have to look at: a case is opened once, and settled by a person."""

from datetime import datetime

from django.db import transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory.access import check_can_settle_case
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.models import Case, Cause, Credential, Listing, Outcome, Provider


@transaction.atomic
def open_case(
    *,
    cause: Cause,
    provider: Provider,
    key: str,
    at: datetime,
    listing: Listing | None = None,
    credential: Credential | None = None,
    detail: str = "",
    audited: bool = True,
) -> Case:
    """Return the open case of this cause and key; there is only ever one.

    The detail is for a steward: no contents of letters, nothing of who reported. What a visitor
    caused is not `audited`: the audit's moment would say when they wrote.
    """
    case, new = Case.objects.get_or_create(
        cause=cause,
        key=key,
        settled_at=None,
        defaults={
            "provider": provider,
            "listing": listing,
            "credential": credential,
            "detail": detail,
            "opened_at": at,
        },
    )
    if new and audited:
        record(by=None, verb="opened", thing=f"case:{case.pk}", reason=cause)
    return case


@transaction.atomic
def settle_case(*, case: Case, outcome: Outcome, note: str, by: Person, at: datetime) -> None:
    """Write down what came of a case, and who says so."""
    check_can_settle_case(by)
    if outcome is Outcome.OPEN or not note.strip():
        raise NotPossible("Say what came of it and why, so that others can follow it.")
    now = Case.objects.select_for_update().get(pk=case.pk)
    if now.settled_at is not None:
        raise NotPossible("This case is settled. Reload the page to see how.")
    now.outcome, now.note, now.settled_by, now.settled_at = outcome, note, by, at
    now.save(update_fields=["outcome", "note", "settled_by", "settled_at"])
    record(by=by, verb=f"settled: {outcome}", thing=f"case:{now.pk}", reason=note)


def was_settled(cause: Cause, key: str) -> bool:
    """Say whether a person has already settled this, so that it is not asked again."""
    return Case.objects.filter(cause=cause, key=key, settled_at__isnull=False).exists()
