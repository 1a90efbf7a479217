"""Gives events their place in the chain, in short transactions of their own.

Not in the transaction that recorded them: whoever links holds the one head row, and an
import that held it for an hour would stop every other writer, or deadlock with one that
holds rows the import wants. So `record` stores the event with what it records, and
linking follows at once after the commit. A process that dies in between leaves events
waiting; the next writer, or the task within the minute, links them.
"""

import logging
from typing import Any

from django.db import connection, models, transaction

from stepwell.apps.audit.chain import START, hash_of, new_salt, seal_of
from stepwell.apps.audit.guards import TABLE
from stepwell.apps.audit.models import Event, Head

AT_A_TIME = 500
LINKED = ["position", "before", "hash", "by_salt", "by_seal", "reason_salt", "reason_seal"]
log = logging.getLogger("stepwell.audit")


def link_after_commit() -> None:
    """Have what was recorded linked once this transaction is committed; once, however much."""
    if not any(_link_or_say in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(_link_or_say, robust=True)


def link() -> int:
    """Link every event that waits; return how many."""
    linked = more = link_some(Event, Head)
    while more == AT_A_TIME:
        more = link_some(Event, Head)
        linked += more
    return linked


@transaction.atomic
def link_some(events: type[models.Model], heads: type[models.Model]) -> int:
    """Link up to 500 events that wait; return how many. Migrations bring their own models."""
    locked = heads._default_manager.select_for_update().filter(pk=1)
    head: Any = locked.first()
    if head is None:  # two that begin at once: get_or_create lets one of them make it
        heads._default_manager.get_or_create(pk=1, defaults={"hash": START})
        head = locked.get()
    rows: models.QuerySet[Any] = models.QuerySet(events)
    waiting: list[Any] = list(rows.filter(position=None).order_by("pk")[:AT_A_TIME])
    for event in waiting:
        _link(event, head)
    if waiting:
        _write(waiting)
        head.save(update_fields=["count", "hash"])
    return len(waiting)


def _write(events: list[Any]) -> None:
    # By hand: bulk_update spends far longer building its statement than this takes to run.
    columns = ", ".join(f'"{name}" = %s' for name in LINKED)
    rows = [[*(getattr(event, name) for name in LINKED), event.pk] for event in events]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {TABLE} SET {columns} WHERE id = %s", rows)  # noqa: S608


def _link(event: Any, head: Any) -> None:
    event.by_salt, event.reason_salt = new_salt(), new_salt()
    event.by_seal = seal_of("by", event.by_id, event.by_salt)
    event.reason_seal = seal_of("reason", event.reason, event.reason_salt)
    event.position, event.before = head.count + 1, head.hash
    event.hash = hash_of(
        event.position,
        event.pk,
        event.at,
        event.verb,
        event.thing,
        event.by_seal,
        event.reason_seal,
        event.before,
    )
    head.count, head.hash = event.position, event.hash


def _link_or_say() -> None:
    # What was recorded is committed; that the chain is behind for a minute fails nobody's work.
    try:
        link()
    except Exception:
        log.warning("audit", exc_info=True, extra={"event": "audit link failed", "fields": {}})
