"""What the page of one's own account shows."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from stepwell.apps.accounts import queries, sessions


def own_account(request: HttpRequest) -> dict[str, Any]:
    """Return second steps, open sessions and what is still missing."""
    person = sessions.person_of(request)
    found = queries.factors(person)
    opened = [
        {**one._asdict(), "began": _moment(one.began), "seen": _moment(one.seen)}
        for one in sessions.of(person, request)
    ]
    return {
        **found,
        "missing": sessions.lacks_factor(request),
        "sessions": opened,
        "others": sum(not one["here"] for one in opened),
        "mail": bool(settings.EMAIL_HOST),
    }


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)
