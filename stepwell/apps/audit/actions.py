"""Writes: one line in the log; and taking a person or a reason out of it."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from stepwell.apps.audit import chain
from stepwell.apps.audit.linking import link, link_after_commit
from stepwell.apps.audit.models import Event, rows

ERASED = {"by": "erased who", "reason": "erased why"}
EMPTY: dict[str, Any] = {"by": None, "reason": ""}


def record(*, by: Any, verb: str, thing: str, reason: str = "") -> Event:
    """Write down that `by` (a person, or None for the software) did `verb` to `thing`.

    `thing` is a kind and an id, such as "listing:42"; never a name or a text.
    Call it inside the transaction of what it records.
    """
    event: Event = Event.objects.create(by=by, verb=verb, thing=thing, reason=reason)
    link_after_commit()
    return event


def erase_person(*, person: Any, by: Any, reason: str) -> int:
    """Take a person out of everything that they did; return how many events that were.

    The events stay, and the chain holds. What is written into reasons is not looked at:
    erase those by their positions.
    """
    link()
    with transaction.atomic():
        theirs = rows().filter(by=person, position__isnull=False)
        return _erase("by", theirs, by=by, reason=reason)


def erase_reasons(*, positions: Iterable[int], by: Any, reason: str) -> int:
    """Take the reasons out of the events at these positions; return how many events."""
    link()
    with transaction.atomic():
        chosen = rows().filter(position__in=list(positions))
        return _erase("reason", chosen, by=by, reason=reason)


def _erase(part: str, events: "models.QuerySet[Event]", *, by: Any, reason: str) -> int:
    there = events.exclude(**{f"{part}_salt": ""})
    positions = [one for one in there.values_list("position", flat=True) if one is not None]
    for some in chain.packed(positions):
        record(by=by, verb=ERASED[part], thing=f"events:{some}", reason=reason)
    return there.update(**{part: EMPTY[part], f"{part}_salt": ""})
