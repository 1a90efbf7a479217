"""What the calendar does to credentials: it ends them, and asks stewards in time.

The gates never wait for this: they compare dates at every search. It keeps the state
that stewards see true, and opens cases while there is time to ask.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from stepwell.apps.audit.actions import record
from stepwell.apps.directory.actions import make_findable
from stepwell.apps.directory.models import Case, Cause, Credential, Listing
from stepwell.apps.directory.queries import in_force
from stepwell.apps.directory.stewards.cases import open_case, was_settled
from stepwell.domain.credentials import State

ASK_DAYS = (7, 30, 60)  # how many days before its end a steward is asked
OPEN_STATES = (State.CLAIMED, State.VERIFIED)
STEP = 500


def standing() -> QuerySet[Credential]:
    """Return the credentials that nobody has refused or ended."""
    states = [state.value for state in OPEN_STATES]
    return Credential.objects.filter(state__in=states).order_by("pk")


def expire_past(*, now: datetime) -> int:
    """Mark every credential past its end as expired; return how many."""
    today, count = now.date(), 0
    while True:
        past = standing().filter(expires_on__lte=today).exclude(in_force(today))[:STEP]
        ended = [end(one.pk, "it is past its end") for one in past]
        if not ended:
            return count
        count += len(ended)


@transaction.atomic
def end(credential_id: int, reason: str) -> Credential:
    """Mark a credential as no longer in force, by the software and not by a person."""
    credential = Credential.objects.select_for_update().get(pk=credential_id)
    if State(credential.state) in OPEN_STATES:
        credential.state = State.EXPIRED.value
        credential.save(update_fields=["state"])
        record(by=None, verb="made expired", thing=f"credential:{credential.pk}", reason=reason)
        touched = Listing.objects.filter(provider=credential.provider_id)
        make_findable(list(touched.values_list("pk", flat=True)))
    return credential


def ask_before_the_end(*, now: datetime) -> int:
    """Open a case 60, 30 and 7 days before a credential ends; return how many were opened."""
    today, opened = now.date(), 0
    soon = (today, today + timedelta(days=max(ASK_DAYS)))
    ending = standing().filter(expires_on__range=soon).select_related("provider")
    waiting = Case.objects.filter(cause=Cause.EXPIRY, settled_at=None, credential__isnull=False)
    asked = set(waiting.values_list("credential", flat=True))
    for credential in ending.iterator(chunk_size=STEP):
        key = key_of(credential, today)
        if credential.pk in asked or not key or was_settled(Cause.EXPIRY, key):
            continue
        open_case(
            cause=Cause.EXPIRY,
            provider=credential.provider,
            credential=credential,
            key=key,
            detail=f"It ends on {credential.expires_on}. Ask for the renewal and check it.",
            at=now,
        )
        opened += 1
    return opened


def key_of(credential: Credential, today: date) -> str:
    """Return what makes a question about the end the same: credential, end, and how near it is."""
    if credential.expires_on is None:
        return ""
    left = (credential.expires_on - today).days
    near = next((days for days in ASK_DAYS if left <= days), None)
    return f"{credential.pk}/{credential.expires_on}/{near}" if near else ""


def work(now: datetime) -> None:
    """Do what is due today."""
    expire_past(now=now)
    ask_before_the_end(now=now)
