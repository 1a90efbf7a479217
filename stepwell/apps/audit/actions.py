"""Writes: one line in the log."""

from typing import Any

from stepwell.apps.audit.models import Event


def record(*, by: Any, verb: str, thing: str, reason: str = "") -> Event:
    """Write down that `by` (a person, or None for the software) did `verb` to `thing`.

    `thing` is a kind and an id, such as "listing:42"; never a name or a text.
    Call it inside the transaction of what it records.
    """
    return Event.objects.create(by=by, verb=verb, thing=thing, reason=reason)
