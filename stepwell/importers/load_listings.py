"""Stores records: first it is worked out what becomes of each row, then the changes are written.

A dry run stops after the first half, so it says exactly what the run would do.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid5

from stepwell.apps.directory.models import Fate, Listing
from stepwell.domain.offers import Standing
from stepwell.importers.records import LeftOut, Record, Reject, Remark, Row

NAMESPACE = UUID("5f0c1b52-9d3a-4a57-8f66-0f4f9a3c7a10")  # ours; never change it


class Outcome(NamedTuple):
    """What becomes of one row."""

    row: int
    source_id: str
    fate: Fate
    column: str = ""
    reason: str = ""
    repair: str = ""
    notes: tuple[str, ...] = ()


class Stored(NamedTuple):
    """What is known of a listing that is already there."""

    content_hash: str
    standing: str


class Plan(NamedTuple):
    """What an import will do."""

    outcomes: list[Outcome]
    records: list[Record]  # all that can be stored, changed or not
    new: list[Record]
    changed: list[Record]
    withdrawn: list[str]  # source ids


def identifier(source: str, source_id: str) -> UUID:
    """Return the id of a row of a source: the same on every host and after every restore."""
    return uuid5(NAMESPACE, f"{source}/{source_id}")


def content_hash(record: Record) -> str:
    """Return a hash of what a record says; its row and the notes on it do not count."""

    def plainly(value: object) -> object:
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"cannot hash {type(value).__name__}")

    aside = {"row", "notes", "own_id", *([] if record.credentials else ["credentials"])}
    said = record.model_dump(exclude=aside)
    return sha256(json.dumps(said, sort_keys=True, default=plainly).encode()).hexdigest()


Same = Callable[[Sequence[Record], str], set[str]]


def none_the_same(records: Sequence[Record], source: str) -> set[str]:
    """Return no ids: whatever differs from what came last time is a change."""
    return set()


def plan(
    rows: Sequence[Row],
    source: str,
    *,
    withdraw_missing: bool = True,
    same: Same = none_the_same,
) -> Plan:
    """Return what becomes of each row, reading the database and changing nothing.

    `same` names those of the changed records that say what is stored anyway.
    """
    stored = {
        source_id: Stored(content, standing)
        for source_id, content, standing in Listing.objects.filter(source=source).values_list(
            "source_id", "content_hash", "standing"
        )
    }
    done = Plan([], [], [], [], [])
    plan_rows(rows, stored, done)
    if withdraw_missing:
        plan_missing(rows, stored, done)
    return without_same(done, same(done.changed, source))


def plan_rows(rows: Iterable[Row], stored: dict[str, Stored], done: Plan) -> None:
    """Add what becomes of each row to the plan."""
    for row in rows:
        if isinstance(row, Record):
            plan_record(row, stored.get(row.source_id), done)
        elif isinstance(row, LeftOut):
            plan_left_out(row, stored, done)
        elif isinstance(row, Remark):
            done.outcomes.append(Outcome(row.row, "", Fate.LEFT_OUT, row.column, row.reason))
        else:
            done.outcomes.append(
                Outcome(row.row, row.source_id, Fate.REJECTED, row.column, row.reason, row.repair)
            )


def without_same(done: Plan, same: set[str]) -> Plan:
    """Return a plan in which these listings are not changed."""
    if not same:
        return done
    outcomes = [
        one._replace(fate=Fate.UNCHANGED)
        if one.fate is Fate.UPDATED and one.source_id in same
        else one
        for one in done.outcomes
    ]
    changed = [record for record in done.changed if record.source_id not in same]
    return done._replace(outcomes=outcomes, changed=changed)


def plan_record(record: Record, there: Stored | None, done: Plan) -> None:
    """Add one record to the plan."""
    done.records.append(record)
    if there is None:
        fate = Fate.IMPORTED
        done.new.append(record)
    elif there.content_hash == content_hash(record) and there.standing != Standing.WITHDRAWN:
        fate = Fate.UNCHANGED
    else:
        fate = Fate.UPDATED
        done.changed.append(record)
    done.outcomes.append(Outcome(record.row, record.source_id, fate, notes=record.notes))


def plan_left_out(row: LeftOut, stored: dict[str, Stored], done: Plan) -> None:
    """Add a row that asks not to be shown: what there is of it goes."""
    going = active_of([row.source_id], stored)
    done.withdrawn.extend(going)
    fate = Fate.WITHDRAWN if going else Fate.LEFT_OUT
    done.outcomes.append(Outcome(row.row, row.source_id, fate, row.column, row.reason))


def plan_missing(rows: Sequence[Row], stored: dict[str, Stored], done: Plan) -> None:
    """Add the listings that the file no longer has.

    A rejected row keeps what is there; where a reject has no readable id, any
    listing may be the one that is meant, so none goes.
    """
    rejects = [row for row in rows if isinstance(row, Reject)]
    if any(not row.source_id for row in rejects):
        return
    kept = set(active_of([row.source_id for row in rejects], stored))
    kept |= {record.source_id for record in done.records} | set(done.withdrawn)
    for source_id, there in stored.items():
        if there.standing == Standing.ACTIVE and source_id not in kept:
            done.withdrawn.append(source_id)
            reason = "it is no longer in the file"
            done.outcomes.append(Outcome(0, source_id, Fate.WITHDRAWN, reason=reason))


def active_of(source_ids: Iterable[str], stored: dict[str, Stored]) -> list[str]:
    """Return the active listings of these rows; one service may have several (id@place)."""
    meant = set(source_ids) - {""}  # a row without an id means none of those that are there
    return [
        source_id
        for source_id, there in stored.items()
        if there.standing == Standing.ACTIVE
        and (source_id in meant or source_id.rpartition("@")[0] in meant)
    ]
