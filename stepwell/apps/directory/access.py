"""Who may look after listings and credentials."""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied


class Actor(Protocol):
    """Somebody who works on the site."""

    @property
    def is_active(self) -> bool:
        """Say whether they may sign in."""
        ...

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Say whether they hold a permission."""
        ...


def can_settle_listing(actor: Actor) -> bool:
    """Say whether somebody may hide a listing and show it again."""
    return actor.is_active and actor.has_perm("directory.change_listing")


def check_can_settle_listing(actor: Actor) -> None:
    """Raise PermissionDenied when somebody may not hide or show listings."""
    if not can_settle_listing(actor):
        raise PermissionDenied("You may not change listings.")


def can_settle_credential(actor: Actor) -> bool:
    """Say whether somebody may say what a check of a credential showed."""
    return actor.is_active and actor.has_perm("directory.change_credential")


def check_can_settle_credential(actor: Actor) -> None:
    """Raise PermissionDenied when somebody may not settle credentials."""
    if not can_settle_credential(actor):
        raise PermissionDenied("You may not settle credentials.")


def can_settle_case(actor: Actor) -> bool:
    """Say whether somebody may settle what stewards have to look at."""
    return can_settle_listing(actor) or can_settle_credential(actor)


def check_can_settle_case(actor: Actor) -> None:
    """Raise PermissionDenied when somebody may not settle cases."""
    if not can_settle_case(actor):
        raise PermissionDenied("You may not settle cases.")
