"""Writes: the first editor, passwords, and the groups of the staff."""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission

from stepwell.apps.accounts import sessions
from stepwell.apps.accounts.models import Person
from stepwell.apps.accounts.roles import find_permissions, roles
from stepwell.apps.audit.actions import record
from stepwell.lib.limits import hash_of_network

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


@transaction.atomic
def settle_roles() -> None:
    """Make the groups of the staff say exactly what roles.toml says, apart from page rights.

    Groups of other names are the host's own and stay as they are.
    """
    everywhere = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for role in roles():
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set(find_permissions(role.permissions))
        wanted = find_permissions(role.in_collections)
        GroupCollectionPermission.objects.filter(group=group).exclude(
            collection=everywhere, permission__in=wanted
        ).delete()
        for permission in wanted:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=everywhere, permission=permission
            )


def note_failed_sign_in(*, username: str) -> None:
    """Write down a wrong name or password; what was typed is not kept."""
    person = Person.objects.filter(username__iexact=username).first()
    record(by=None, verb="refused a sign-in of", thing=f"person:{person.pk if person else 0}")


def note_limit(*, name: str, where: str, now: datetime) -> None:
    """Write down that a network tried too much, once an hour; the log does not say which."""
    if cache.add(f"limit-noted-{name}-{hash_of_network(where, now)}", True, timeout=60 * 60):
        record(by=None, verb="slowed down", thing=f"route:{name}")


def change_address(*, person: Person, address: str) -> None:
    """Give somebody another mail address; watching.py writes it down and tells both."""
    person.email = address
    person.save(update_fields=["email"])


@transaction.atomic
def take_factors(*, person: Person, by: Person | None, reason: str) -> int:
    """Take every second step from somebody who lost theirs; return how many.

    At the next sign-in they have to choose a new one before anything else.
    """
    gone, _ = Authenticator.objects.filter(user=person).delete()
    sessions.end_all(person)
    record(by=by, verb="took all second steps from", thing=f"person:{person.pk}", reason=reason)
    return int(gone)
