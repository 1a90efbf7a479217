"""A person who offers something, as a FHIR Practitioner with the licences that they name."""

from datetime import date

from stepwell.api.fhir import names, vocabulary
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import (
    coded,
    filled,
    head,
    number_of,
    own_identifier,
    register_name,
    telecom,
)
from stepwell.apps.directory.published import Credential, Provider
from stepwell.apps.directory.queries import held_of
from stepwell.domain.credentials import (
    LEVEL_WORDS,
    STATE_WORDS,
    Level,
    State,
    state_on,
)
from stepwell.lib import fhir
from stepwell.lib.fhir import Json

STANDING = frozenset({State.CLAIMED, State.VERIFIED})


def practitioner(provider: Provider, publisher: Publisher, today: date) -> Json:
    """Return the resource of a person. One name, as they write it: we do not take it apart."""
    held = standing(provider, today)
    return filled(
        {
            **head("Practitioner", provider, provider.name),
            "identifier": identifiers(provider, publisher, today),
            "active": True,
            "name": [{"text": provider.name}],
            "telecom": telecom(web=provider.web),
            "qualification": [qualification(one, publisher, today) for one in held],
        }
    )


def identifiers(provider: Provider, publisher: Publisher, today: date) -> list[Json]:
    """Return our own id, and the numbers of the licences that are in force."""
    numbers = [number_of(one, publisher) for one in standing(provider, today)]
    return [own_identifier(provider.pk), *numbers]


def standing(provider: Provider, today: date) -> list[Credential]:
    """Return the licences and titles in force on a day; refused and ended ones are none."""
    return [one for one in provider.credentials.all() if state_of(one, today) in STANDING]


def state_of(one: Credential, today: date) -> State:
    """Return the state of a licence or title on a day."""
    return state_on(held_of(one), today)


def qualification(one: Credential, publisher: Publisher, today: date) -> Json:
    """Return a licence or title, with whether and how far anybody checked it."""
    state, name = state_of(one, today), register_name(one.register)
    checked = state is State.VERIFIED
    said = {
        "state": state.value,
        "stateText": STATE_WORDS[state],
        **({"level": one.level, "levelText": LEVEL_WORDS[Level(one.level)]} if checked else {}),
        **({"checkedOn": one.checked_at.date()} if checked and one.checked_at else {}),
    }
    return filled(
        {
            "extension": [fhir.nested(publisher.extension(names.CREDENTIAL), said)],
            "identifier": [number_of(one, publisher)],
            "code": coded(publisher, vocabulary.REGISTER, one.register, name),
            "period": {"end": one.expires_on.isoformat()} if one.expires_on else None,
            "issuer": {"display": name},
        }
    )
