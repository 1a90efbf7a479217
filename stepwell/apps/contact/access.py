"""Who may read and settle letters."""

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


def can_read_letters(actor: Actor) -> bool:
    """Say whether somebody may read letters to the editors and settle them."""
    return actor.is_active and actor.has_perm("contact.read_letter")


def check_can_read_letters(actor: Actor) -> None:
    """Raise PermissionDenied when somebody may not read letters."""
    if not can_read_letters(actor):
        raise PermissionDenied("You may not read letters.")
