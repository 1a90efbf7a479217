"""Constraints that say one thing in one word."""

from django.db.models import CheckConstraint, Q


def both_or_neither(first: str, second: str) -> CheckConstraint:
    """Return a constraint: two nullable columns are set together or not at all."""
    together = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    apart = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return CheckConstraint(
        condition=together | apart, name=f"%(app_label)s_%(class)s_{first}_with_{second}"
    )
