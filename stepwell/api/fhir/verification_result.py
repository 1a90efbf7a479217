"""What a check of a licence or title showed, as a FHIR VerificationResult.

It says what a visitor can read: who issues it, how far it was checked, when, and that
this site did it; and each check by itself: when, how, what came of it. The people who
checked are told apart by a number and not named.
"""

from datetime import date

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import (
    filled,
    head,
    instant,
    kind_of,
    provider_reference,
    register_name,
)
from stepwell.api.fhir.practitioner import state_of
from stepwell.apps.directory.published import Credential
from stepwell.domain.credentials import LEVEL_WORDS, STATE_WORDS, Level, State
from stepwell.lib.fhir import Json

TERMS = "http://terminology.hl7.org/CodeSystem"
STATUS = {
    State.CLAIMED: "attested",
    State.VERIFIED: "validated",
    State.REFUSED: "val-fail",
    State.EXPIRED: "req-revalid",
}
BY_REGISTER = frozenset({Level.REGISTER_MATCH, Level.REGISTER_CONFIRMED})


def verification_result(credential: Credential, publisher: Publisher, today: date) -> Json:
    """Return what is known of one licence or title on a day."""
    state = state_of(credential, today)
    level = Level(credential.level) if state is State.VERIFIED else Level.DECLARED
    name = register_name(credential.register)
    process = LEVEL_WORDS[level] if state is State.VERIFIED else STATE_WORDS[state]
    return filled(
        {
            **head("VerificationResult", credential, name),
            "target": [provider_reference(credential.provider)],
            "targetLocation": target_location(credential),
            "status": STATUS[state],
            "statusDate": instant(credential.checked_at) if credential.checked_at else None,
            "validationType": coding("validation-type", "primary" if level in BY_REGISTER else ""),
            "validationProcess": [
                {"text": f"{name}, {credential.number}: {process}"},
                *({"text": told} for told in checks(credential)),
            ],
            "lastPerformed": instant(credential.checked_at) if credential.checked_at else None,
            "nextScheduled": day(credential.next_check_on),
            "primarySource": [primary_source(credential, name)] if level in BY_REGISTER else [],
            "attestation": {"who": provider_reference(credential.provider)},
            "validator": validator(credential, publisher),
        }
    )


def day(when: date | None) -> str | None:
    """Return a date as FHIR writes it, or None."""
    return when.isoformat() if when else None


def checks(credential: Credential) -> list[str]:
    """Return each check in words, the oldest first; who checked is a number of this credential."""
    rows = list(credential.checks.all())
    numbers = {by: number for number, by in enumerate(dict.fromkeys(one.by_id for one in rows), 1)}
    return [
        f"{one.at.date().isoformat()}, reviewer {numbers[one.by_id]}: "
        f"{STATE_WORDS[State(one.outcome)]} {LEVEL_WORDS[Level(one.level)]}"
        for one in rows
    ]


def target_location(credential: Credential) -> list[str]:
    """Return the part of the target that was checked."""
    person = kind_of(credential.provider) == "Practitioner"
    return ["Practitioner.qualification"] if person else ["Organization.identifier"]


def coding(system: str, code: str) -> Json | None:
    """Return a word of FHIR's own, or None."""
    return {"coding": [{"system": f"{TERMS}/{system}", "code": code}]} if code else None


def primary_source(credential: Credential, name: str) -> Json:
    """Return the register that stands behind a check."""
    return filled(
        {
            "who": {"display": name},
            "validationStatus": coding("validation-status", "successful"),
            "validationDate": instant(credential.checked_at) if credential.checked_at else None,
        }
    )


def validator(credential: Credential, publisher: Publisher) -> list[Json]:
    """Return this site, where somebody of it has checked."""
    return [{"organization": {"display": publisher.name}}] if credential.checked_at else []
