"""System checks: an undeclared route, a broken fact, unsigned rules or no key stop the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from stepwell.domain import sign_off
from stepwell.domain.checking import look
from stepwell.lib.key_rings import SealingError
from stepwell.lib.sealing import ring
from stepwell.web.routes import undeclared


@register()
def every_route_is_declared(**kwargs: Any) -> list[CheckMessage]:
    """Refuse routes without a page class."""
    return [
        Error(
            f"The route {route} is not declared.",
            hint="Add it to config/routes.toml.",
            id="stepwell.E001",
        )
        for route in undeclared()
    ]


@register()
def facts_are_in_order(**kwargs: Any) -> list[CheckMessage]:
    """Refuse facts or rules that are broken: each message names file, key and repair."""
    return [Error(problem, id="stepwell.E003") for problem in look()[0]]


@register()
def unsigned_rules_are_acknowledged(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to run for the public on what no clinician of the host has signed."""
    if settings.DEBUG or settings.UNSIGNED_ACKNOWLEDGED:
        return []
    unsigned = {
        "The guide's rules": sign_off.rules_signed(),
        "The crisis numbers": sign_off.numbers_signed(),
    }
    return [
        Error(
            f"{what} are not signed off by a clinician of this organisation.",
            hint="Have them read and record it in sign_off.toml (docs/editing/facts.md), or set "
            "UNSIGNED_ACKNOWLEDGED=yes to say that you know; every plan then says so too.",
            id="stepwell.E002",
        )
        for what, signed in unsigned.items()
        if not signed
    ]


@register(deploy=True)
def sealed_texts_have_a_key(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to be opened where a letter to the editors could not be stored."""
    try:
        ring()
    except SealingError as error:
        hint = 'docs/hosting/README.md, "Keys".'
        return [Error(str(error), hint=hint, id="stepwell.E004")]
    return []
