"""Writes: the first editor, and passwords."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from stepwell.apps.audit.actions import record

# Without letters and digits that look alike, so that it can be typed from a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password(groups: int = 4) -> str:
    """Return a password of `groups` times five letters, about 20 bits each group times 5/4."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(groups))


@transaction.atomic
def create_first_editor(*, username: str = "editor") -> str | None:
    """Create the person who can do everything; return the password, once.

    Returns None where anybody already has an account: nothing is changed then.
    """
    people = get_user_model()
    if people.objects.exists():
        return None
    password = new_password()
    editor = people.objects.create_superuser(username=username, password=password)
    editor.groups.add(*Group.objects.filter(name__in=["Editors", "Moderators"]))
    record(by=None, verb="created", thing=f"person:{editor.pk}", reason="first start")
    return password
