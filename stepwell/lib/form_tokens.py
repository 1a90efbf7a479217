"""A token for forms that store something, for people who get no cookie.

It says that this site made the form, and when; it is bound to nobody. Whoever
steals one can send a form of their own, which they could have fetched as well.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing


class NoToken(Exception):
    """The form was not made by this site, or its token was changed."""


@dataclass(frozen=True)
class FormToken:
    """One form that was shown once: a number by chance, and the moment it was made."""

    nonce: str
    issued_at: datetime

    def age(self, now: datetime) -> timedelta:
        """Return how long ago the form was made."""
        return now - self.issued_at


def issue(purpose: str, now: datetime) -> str:
    """Return a new token for a form of this purpose."""
    whole = f"{secrets.token_urlsafe(16)}.{int(now.timestamp())}"
    return signing.Signer(salt=purpose).sign(whole)


def read(token: str, purpose: str) -> FormToken:
    """Return what a token says; raise NoToken where it is not one of ours for this purpose."""
    try:
        nonce, _, issued = signing.Signer(salt=purpose).unsign(token).partition(".")
    except signing.BadSignature:
        raise NoToken from None
    return FormToken(nonce, datetime.fromtimestamp(int(issued), UTC))
