"""What the tables of the directory have in common: choices from the domain, and constraints."""

from enum import StrEnum

from django.core.validators import URLValidator
from django.db.models import CheckConstraint, F, Q

WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def words(family: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the words of the domain as choices, without tying migrations to the domain."""
    return [(word.value, word.value) for word in family]


def one_of(field: str, values: list[str]) -> CheckConstraint:
    """Return a constraint: the column holds one of these words."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": values}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


def together_in_order(lower: str, upper: str) -> CheckConstraint:
    """Return a constraint: where both are given, the first is not above the second."""
    ordered = Q(**{f"{lower}__lte": F(upper)})
    unknown = Q(**{f"{lower}__isnull": True}) | Q(**{f"{upper}__isnull": True})
    return CheckConstraint(
        condition=ordered | unknown, name=f"%(app_label)s_%(class)s_{lower}_in_order"
    )
