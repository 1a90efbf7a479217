"""The resources of the directory: where their rows come from, and what each is found by.

A parameter turns one value into a condition on the rows. The conditions never reach
rows that are not shown: the rows of each kind are those of `directory.published`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from stepwell.api.fhir import parts, vocabulary
from stepwell.api.fhir.healthcare_service import healthcare_service
from stepwell.api.fhir.location import location
from stepwell.api.fhir.moments import when
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.organization import organization
from stepwell.api.fhir.practitioner import practitioner
from stepwell.api.fhir.practitioner_role import practitioner_role
from stepwell.api.fhir.searching import unescaped
from stepwell.api.fhir.verification_result import verification_result
from stepwell.apps.directory import published
from stepwell.apps.directory.published import ProviderType
from stepwell.domain.registers import registers
from stepwell.lib.fhir import Json

UUID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
NUMBER_FORM = re.compile(r"[0-9]{1,9}", re.ASCII)
NOTHING = Q(pk__in=[])


class Asked(NamedTuple):
    """For whom and for which day a search is answered."""

    publisher: Publisher
    today: date


Condition = Callable[[str, Asked], Q]


class Parameter(NamedTuple):
    """What a resource can be found by: FHIR's type, words for it, and the condition."""

    type: str
    told: str
    condition: Condition


class Shelf(NamedTuple):
    """One kind of resource."""

    rows: Callable[[date], "QuerySet[Any]"]
    resource: Callable[[Any, Publisher, date], Json]
    key_form: re.Pattern[str]
    parameters: Mapping[str, Parameter]


def key_condition(form: re.Pattern[str], field: str) -> Condition:
    """Return the condition that a key is this one."""

    def condition(value: str, asked: Asked) -> Q:
        said = unescaped(value)
        return Q(**{field: said}) if form.fullmatch(said) else NOTHING

    return condition


def refers(kind: str, form: re.Pattern[str], field: str) -> Condition:
    """Return the condition that a reference leads to a resource: relative, whole, or an id."""

    def condition(value: str, asked: Asked) -> Q:
        said = unescaped(value).removeprefix(f"{asked.publisher.base}/").removeprefix(f"{kind}/")
        return Q(**{field: said}) if form.fullmatch(said) else NOTHING

    return condition


def token(system: str, field: str) -> Condition:
    """Return the condition that a code of one of our vocabularies is this one."""

    def condition(value: str, asked: Asked) -> Q:
        given, bar, code = value.rpartition("|")
        fits = not bar or unescaped(given) == asked.publisher.url("CodeSystem", system)
        return Q(**{field: unescaped(code)}) if fits and code else NOTHING

    return condition


def own_id(value: str, asked: Asked) -> Q:
    """Return the condition that urn:uuid:... is the row's own."""
    system, bar, said = value.rpartition("|")
    key = unescaped(said).removeprefix("urn:uuid:")
    fits = not bar or unescaped(system) == parts.URI
    return Q(pk=key) if fits and UUID_FORM.fullmatch(key) else NOTHING


def number(value: str, asked: Asked) -> Q:
    """Return the condition that a provider is this one, or holds this number."""
    system, bar, said = value.rpartition("|")
    named = (
        [one for one in registers() if parts.register_system(one, asked.publisher) == system]
        if bar
        else None
    )
    held = published.holds(unescaped(said), named, asked.today, "pk")
    return own_id(value, asked) | Q(held)


def place_id(value: str, asked: Asked) -> Q:
    """Return the condition that Location/12 is this place."""
    system, bar, said = value.rpartition("|")
    key = unescaped(said).removeprefix("Location/")
    fits = not bar or unescaped(system) == asked.publisher.base
    return Q(pk=key) if fits and NUMBER_FORM.fullmatch(key) else NOTHING


def offered_by(value: str, asked: Asked) -> Q:
    """Return the condition that an organisation offers something at a place."""
    said = unescaped(value).removeprefix(f"{asked.publisher.base}/").removeprefix("Organization/")
    if not UUID_FORM.fullmatch(said):
        return NOTHING
    return Q(published.offered_by(UUID(said), asked.today))


def target(value: str, asked: Asked) -> Q:
    """Return the condition that a check was of this person or organisation."""
    said = unescaped(value).removeprefix(f"{asked.publisher.base}/")
    kind, slash, key = said.rpartition("/")
    if not UUID_FORM.fullmatch(key) or (slash and kind not in {"Practitioner", "Organization"}):
        return NOTHING
    person = Q(provider__type=ProviderType.PERSON)
    right = Q() if not slash else person if kind == "Practitioner" else ~person
    return right & Q(provider=key)


def uses(value: str, asked: Asked) -> Q:
    """Return the condition that a listing names an approach."""
    given, bar, code = value.rpartition("|")
    fits = not bar or unescaped(given) == asked.publisher.url("CodeSystem", vocabulary.APPROACH)
    return Q(published.uses(unescaped(code))) if fits else NOTHING


def text(column: str) -> Condition:
    """Return the condition on a text; `column` says how it is compared, as in name__exact."""

    def condition(value: str, asked: Asked) -> Q:
        return Q(**{column: unescaped(value)})

    return condition


def texts(name: str, field: str, told: str) -> dict[str, Parameter]:
    """Return a parameter for a text with its modifiers."""
    compared = {"": "istartswith", ":contains": "icontains", ":exact": "exact"}
    words = f"{told} Modifiers :contains and :exact."
    return {
        f"{name}{modifier}": Parameter("string", words, text(f"{field}__{how}"))
        for modifier, how in compared.items()
    }


def common(form: re.Pattern[str], identifier: Condition) -> dict[str, Parameter]:
    """Return the parameters of every resource of the directory."""
    changed = "When what is shown of it last changed; prefixes eq, ne, gt, lt, ge, le, sa, eb, ap."
    return {
        "_id": Parameter("token", "The id of the resource.", key_condition(form, "pk")),
        "identifier": Parameter("token", "Our own id, or a number of a register.", identifier),
        "_lastUpdated": Parameter(
            "date", changed, lambda value, asked: when("changed_at", unescaped(value))
        ),
    }


IN_LISTINGS = {
    **common(UUID_FORM, own_id),
    "location": Parameter(
        "reference", "Where it is given.", refers("Location", NUMBER_FORM, "place")
    ),
    "specialty": Parameter("token", "An approach.", uses),
}
SHELVES: Mapping[str, Shelf] = MappingProxyType(
    {
        "Practitioner": Shelf(
            lambda today: published.providers(today, ProviderType.PERSON),
            practitioner,
            UUID_FORM,
            {**common(UUID_FORM, number), **texts("name", "name", "The start of the name.")},
        ),
        "PractitionerRole": Shelf(
            lambda today: published.listings_of(today, ProviderType.PERSON),
            practitioner_role,
            UUID_FORM,
            {
                **IN_LISTINGS,
                "practitioner": Parameter(
                    "reference", "The person.", refers("Practitioner", UUID_FORM, "provider")
                ),
                "role": Parameter("token", "The kind of support.", token(vocabulary.KIND, "kind")),
                "service": Parameter(
                    "reference", "The listing.", refers("HealthcareService", UUID_FORM, "pk")
                ),
            },
        ),
        "Organization": Shelf(
            lambda today: published.providers(today, ProviderType.ORGANISATION),
            organization,
            UUID_FORM,
            {**common(UUID_FORM, number), **texts("name", "name", "The start of the name.")},
        ),
        "Location": Shelf(
            published.places,
            location,
            NUMBER_FORM,
            {
                **common(NUMBER_FORM, place_id),
                "organization": Parameter(
                    "reference", "An organisation that offers something there.", offered_by
                ),
                **texts("address-city", "town", "The start of the town."),
                **texts("address-state", "region", "The start of the region."),
                **texts("address-country", "country", "The country, by its two letters."),
                **texts("address-postalcode", "district", "The start of the postcode's district."),
            },
        ),
        "HealthcareService": Shelf(
            published.listings,
            healthcare_service,
            UUID_FORM,
            {
                **IN_LISTINGS,
                "organization": Parameter(
                    "reference",
                    "The organisation that offers it.",
                    lambda value, asked: (
                        Q(provider__type=ProviderType.ORGANISATION)
                        & refers("Organization", UUID_FORM, "provider")(value, asked)
                    ),
                ),
                "service-category": Parameter(
                    "token", "The family of the kind of support.", lambda v, a: in_family(v, a)
                ),
                "service-type": Parameter(
                    "token", "The kind of support.", token(vocabulary.KIND, "kind")
                ),
                **texts("name", "name", "The start of the name."),
            },
        ),
        "VerificationResult": Shelf(
            published.credentials,
            verification_result,
            NUMBER_FORM,
            {
                "_id": common(NUMBER_FORM, place_id)["_id"],
                "_lastUpdated": common(NUMBER_FORM, place_id)["_lastUpdated"],
                "target": Parameter("reference", "Whose licence or title it is.", target),
            },
        ),
    }
)


def in_family(value: str, asked: Asked) -> Q:
    """Return the condition that a listing's kind belongs to a family."""
    given, bar, code = value.rpartition("|")
    if bar and unescaped(given) != asked.publisher.url("CodeSystem", vocabulary.FAMILY):
        return NOTHING
    return Q(kind__in=vocabulary.kinds_of(unescaped(code)))
