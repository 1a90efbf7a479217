"""Checks of licences and titles: each by one person, who says what they saw.

Two people who accept the same document make level three; one person alone never does.
Nobody checks a provider they work with.
"""

from datetime import date, datetime

from django.db import transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.access import check_can_settle_credential
from stepwell.apps.directory.actions import NotPossible, check_reason, make_findable
from stepwell.apps.directory.models import Credential, CredentialCheck, Evidence, Listing, Provider
from stepwell.apps.registers.queries import verification_for
from stepwell.domain import registers
from stepwell.domain.credentials import (
    LOWEST_CHECKED,
    Level,
    State,
    check_can_become,
    next_check,
)
from stepwell.domain.register_copy import Proposal

WORKS_WITH = "works with"
SAY_WHAT = "Say what you saw: a document, a match in the register's copy, or the register's word."


def thing_of(row: Credential | Provider) -> str:
    """Return how the audit calls a row."""
    return f"{row._meta.model_name}:{row.pk}"


@transaction.atomic
def declare_link(*, provider: Provider, by: Person, reason: str) -> None:
    """Write down that somebody works with a provider; from then on they check nothing of it."""
    check_can_settle_credential(by)
    check_reason(reason)
    if not works_with(by, provider):
        record(by=by, verb=WORKS_WITH, thing=thing_of(provider), reason=reason)


def works_with(person: Person, provider: Provider) -> bool:
    """Say whether somebody has declared that they work with a provider. The log forgets nothing."""
    said = Event.objects.filter(by=person, verb=WORKS_WITH, thing=thing_of(provider))
    return said.exists()


def check_is_apart(credential: Credential, by: Person, *, apart: bool) -> None:
    """Raise NotPossible where somebody works with the provider, or does not say otherwise.

    The refusal is in the log; call it outside the transaction that it stops.
    """
    if apart and not works_with(by, credential.provider):
        return
    reason = "works with the provider" if apart else "did not say that they are apart"
    record(by=by, verb="check refused", thing=thing_of(credential), reason=reason)
    raise NotPossible(
        "Somebody who does not work with this provider has to check this. "
        "Tick the box only if that is true of you."
    )


def settle_credential(
    *,
    credential: Credential,
    state: State,
    level: Level,
    expires_on: date | None,
    by: Person,
    reason: str,
    at: datetime,
    apart: bool,
    evidence: Evidence | None = None,
    conditions: str = "",
) -> None:
    """Write down what a check of a credential showed, and what follows for it.

    A refusal because of who asks is written down too.
    """
    check_can_settle_credential(by)
    check_reason(reason)
    check_is_apart(credential, by, apart=apart)
    with transaction.atomic():
        now = Credential.objects.select_for_update().get(pk=credential.pk)
        if not (state is State.VERIFIED and now.state == State.VERIFIED):
            check_can_become(State(now.state), state)
        seen = level_seen(now, state, level, evidence, by)
        now.state, now.expires_on, now.conditions = state.value, expires_on, conditions
        now.checked_by, now.checked_at, now.level = by, at, seen.value
        now.next_check_on = due(now, state, seen, at)
        now.save()
        CredentialCheck.objects.create(
            credential=now, evidence=evidence, by=by, at=at, level=level, outcome=state, note=reason
        )
        if evidence is not None:
            Evidence.objects.filter(pk=evidence.pk).update(decided_at=at)
        record(by=by, verb=f"made {state}", thing=thing_of(now), reason=reason)
        touched = Listing.objects.filter(provider=now.provider_id)
        make_findable(list(touched.values_list("pk", flat=True)))


def level_seen(
    credential: Credential, state: State, level: Level, evidence: Evidence | None, by: Person
) -> Level:
    """Return how far a credential is checked now; raise NotPossible where that cannot be."""
    if state is not State.VERIFIED:
        return Level.DECLARED
    if level < LOWEST_CHECKED or level is Level.TWO_APPROVED:
        raise NotPossible(SAY_WHAT)
    if level is not Level.EVIDENCE_SEEN:
        return level
    if evidence is None or evidence.credential_id != credential.pk or evidence.deleted_at:
        raise NotPossible("Choose the document that you saw, or add it first.")
    accepted = set(those_who_accepted(credential, evidence))
    if by.pk in accepted:
        raise NotPossible("You have accepted this document before. Somebody else has to look too.")
    return Level.TWO_APPROVED if accepted else Level.EVIDENCE_SEEN


def those_who_accepted(credential: Credential, evidence: Evidence) -> list[int]:
    """Return who accepted a document and nobody refused it since; a refusal starts anew."""
    people: list[int] = []
    for check in CredentialCheck.objects.filter(credential=credential).order_by("at", "pk"):
        if check.outcome != State.VERIFIED:
            people.clear()
        elif check.evidence_id == evidence.pk:
            people.append(check.by_id)
    return people


def due(credential: Credential, state: State, level: Level, at: datetime) -> date | None:
    """Return the day on which a verified credential is to be checked again."""
    if state is not State.VERIFIED:
        return None
    register = registers.registers().get(credential.register)
    statutory = register is not None and register.standing is registers.Standing.STATUTORY
    return next_check(level, at.date(), statutory=statutory, expires_on=credential.expires_on)


def proposal_for(credential: Credential) -> Proposal:
    """Return what our copy of the register lets a steward record."""
    return verification_for(
        name=credential.provider.name,
        register=credential.register,
        number=credential.number,
        jurisdiction=credential.jurisdiction,
    )


def record_match(*, credential: Credential, by: Person, apart: bool, at: datetime) -> None:
    """Record that a credential matches our copy, as the copy stands now and if it still does."""
    proposal = proposal_for(credential)
    if proposal.level is not Level.REGISTER_MATCH:
        raise NotPossible(f"There is no match to record. {' '.join(proposal.reasons)}")
    settle_credential(
        credential=credential,
        state=State.VERIFIED,
        level=proposal.level,
        expires_on=credential.expires_on,
        conditions=credential.conditions,
        by=by,
        reason=" ".join(proposal.reasons)[:400],
        at=at,
        apart=apart,
    )
