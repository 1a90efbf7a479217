"""Who publishes, and how ids and addresses of the HSDS door are made."""

from typing import Any, NamedTuple

from django.conf import settings

Json = dict[str, Any]
VERSION = "3.1"


class Publisher(NamedTuple):
    """The network that publishes."""

    base: str  # https://network.example.org/hsds
    name: str
    email: str

    def url(self, *parts: object) -> str:
        """Return an address of this door."""
        return "/".join([self.base, *map(str, parts)])


def publisher() -> Publisher:
    """Return this site as the publisher of its feed."""
    base = f"{settings.SITE_URL.rstrip('/')}/hsds"
    return Publisher(base, settings.SITE_NAME, settings.CONTACT_EMAIL)


def without_empty(row: Json) -> Json:
    """Return a row without what it does not say: HSDS has no way to say "unknown"."""
    return {key: value for key, value in row.items() if value not in (None, "", [], {})}
