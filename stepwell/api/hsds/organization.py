"""organization: who offers it, with the credentials they name and what was checked of them."""

from collections.abc import Iterator
from datetime import date

from stepwell.api.hsds.names import Json, Publisher, without_empty
from stepwell.api.hsds.taxonomy import attribute
from stepwell.apps.directory.published import Credential, Provider
from stepwell.apps.directory.queries import held_of
from stepwell.domain import hsds_profile as profile
from stepwell.domain import registers
from stepwell.domain.credentials import Level, State, stands


def organization(one: Provider, publisher: Publisher) -> Json:
    """Return the fields of a provider that are one to one."""
    return without_empty({"id": str(one.pk), "website": one.web}) | {
        "name": one.name,
        "description": one.about,
    }


def full_organization(one: Provider, publisher: Publisher, today: date) -> Json:
    """Return a provider with what is said of it in other tables."""
    holder = str(one.pk)
    kind = profile.find_term(profile.PROVIDER, one.type)
    attributes = [attribute(holder, "organization", kind, publisher)] if kind else []
    metadata = []
    held = [each for each in one.credentials.all() if in_force(each, today)]
    for number, credential in enumerate(held, start=1):
        attributes += credential_attributes(holder, credential, f"credential {number}", publisher)
        if credential.checked_at and credential.state == State.VERIFIED:
            metadata.append(check_of(holder, credential, publisher))
    more = without_empty({"attributes": attributes, "metadata": metadata})
    return organization(one, publisher) | more


def in_force(one: Credential, today: date) -> bool:
    """Say whether a credential stands; others never leave."""
    return stands(held_of(one), today)


def credential_attributes(
    holder: str, one: Credential, group: str, publisher: Publisher
) -> Iterator[Json]:
    """Yield what is said of one credential."""
    term = profile.find_term(profile.REGISTER, one.register)
    if term is None:
        return
    yield attribute(holder, "organization", term, publisher, one.number, group)
    checked = one.state == State.VERIFIED and one.checked_at is not None
    known = registers.registers().get(one.register)
    said = {
        "jurisdiction": one.jurisdiction,
        "state": one.state,
        "level": Level(one.level).name.lower(),
        "conditions": one.conditions,
        "expires_on": one.expires_on.isoformat() if one.expires_on else "",
        "checked_on": one.checked_at.date().isoformat() if checked and one.checked_at else "",
        "look_up": registers.view(known).lookup_url if known else "",
    }
    for code, value in said.items():
        told = profile.find_term(profile.CREDENTIAL, code)
        if told and value:
            yield attribute(holder, "organization", told, publisher, value, group)


def check_of(holder: str, one: Credential, publisher: Publisher) -> Json:
    """Return when a credential was checked: by the network, never by a named person."""
    day = one.checked_at.date().isoformat() if one.checked_at else ""
    return {
        "id": str(profile.identifier("metadata", holder, one.register, one.number, day)),
        "resource_id": holder,
        "resource_type": "organization",
        "last_action_date": day,
        "last_action_type": "verify",
        "field_name": f"{profile.CREDENTIAL}: {one.register} {one.number}",
        "previous_value": State.CLAIMED.value,
        "replacement_value": one.state,
        "updated_by": publisher.name,
    }
