"""Reads: second steps of a person."""

from typing import Any

from allauth.mfa.models import Authenticator

from stepwell.apps.accounts.models import Person

Type = Authenticator.Type


def has_factor(person: Person) -> bool:
    """Say whether somebody has a second step; recovery codes alone are none."""
    chosen = Authenticator.objects.filter(user=person, type__in=[Type.TOTP, Type.WEBAUTHN])
    return bool(chosen.exists())


def factors(person: Person) -> dict[str, Any]:
    """Return passkeys (name, id, day), the app's day, and how many recovery codes are left."""
    found: dict[str, Any] = {"passkeys": [], "app": None, "codes": None}
    for one in Authenticator.objects.filter(user=person).order_by("created_at", "pk"):
        if one.type == Type.WEBAUTHN:
            found["passkeys"].append(one)
        elif one.type == Type.TOTP:
            found["app"] = one
        else:
            found["codes"] = len(one.wrap().get_unused_codes())
    return found
