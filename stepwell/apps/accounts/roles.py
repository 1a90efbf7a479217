"""The roles of the staff, as roles.toml says."""

from functools import cache
from pathlib import Path

from django.contrib.auth.models import Permission

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Frozen, Text

FILE = Path(__file__).parent / "roles.toml"


class Role(Frozen):
    """One group. The permissions are `app.codename`; those in sections are codenames of pages."""

    name: Text
    about: Text
    permissions: tuple[Text, ...]
    in_collections: tuple[Text, ...] = ()
    in_sections: tuple[Text, ...] = ()


class _Roles(Frozen):
    roles: tuple[Role, ...]


@cache
def roles() -> tuple[Role, ...]:
    """Return the roles in the order of the file."""
    return loading.read(FILE, _Roles).roles


def find_permissions(names: tuple[str, ...]) -> list[Permission]:
    """Return the permissions of these names; raise FactError at the first that is none."""
    found = []
    for name in names:
        app, _, codename = name.partition(".")
        one = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
        if one is None:
            raise FactError(f"roles.toml: there is no permission {name!r}. Correct its name.")
        found.append(one)
    return found
