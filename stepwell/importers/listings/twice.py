"""What a file brings that may be here already, under another name or from another source."""

from collections import defaultdict
from collections.abc import Iterable

from stepwell.apps.directory import duplicates
from stepwell.domain.duplicates import Described, Pair, each_with, pairs
from stepwell.importers.load_listings import Plan, identifier
from stepwell.importers.records import Record

MOST_NEW = 20_000  # providers; a larger file is looked at after it has been imported


def with_notes(plan: Plan, source: str) -> Plan:
    """Return a plan whose new rows say who they may be the same as."""
    new = described(plan.new, source)
    if not new or len(new) > MOST_NEW:
        return plan
    there = [one for one in duplicates.described() if one.id not in new]
    names = {one.id: one.name for one in there} | {key: one.name for key, one in new.items()}
    found = [
        pair for pair in pairs([*there, *new.values()]) if {pair.first, pair.second} & set(new)
    ]
    keys = {record.source_id: provider_id(record, source) for record in plan.new}
    outcomes = [
        one._replace(notes=(*one.notes, *notes_on(keys[one.source_id], found, names)))
        if keys.get(one.source_id) in new
        else one
        for one in plan.outcomes
    ]
    return plan._replace(outcomes=outcomes)


def notes_on(key: str, found: Iterable[Pair], names: dict[str, str]) -> list[str]:
    """Return what is told of one row: at most three who may be the same."""
    alike = list(each_with(found, key))[:3]
    return [f"may be the same as {names[other]}: {', '.join(p.reasons)}" for other, p in alike]


def provider_id(record: Record, source: str) -> str:
    """Return the id that a record's provider has or will have."""
    return str(identifier(source, f"provider/{record.provider.key}"))


def described(records: Iterable[Record], source: str) -> dict[str, Described]:
    """Return the providers of records, by the ids they will have; examples are left out."""
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for record in (one for one in records if not one.fictional):
        by_provider[provider_id(record, source)].append(record)
    return {key: describe(key, rows) for key, rows in by_provider.items()}


def describe(key: str, rows: list[Record]) -> Described:
    """Return one provider with what all its rows say."""
    said = rows[0].provider
    places = (row.place for row in rows if row.place)
    held = (row.credential for row in rows if row.credential)
    return Described(
        id=key,
        name=said.name,
        is_person=said.is_person,
        phones=frozenset(row.phone for row in rows if row.phone),
        emails=frozenset(row.email for row in rows if row.email),
        webs=frozenset(filter(None, [said.web, *(row.web for row in rows)])),
        numbers=frozenset((one.register_id, one.number) for one in held),
        places=frozenset((one.country, one.town, one.district, one.street) for one in places),
    )


def new_pairs(ids: set[str]) -> list[duplicates.Twice]:
    """Return the pairs that some providers, just stored, are part of."""
    return [one for one in duplicates.find() if ids & {one.pair.first, one.pair.second}]
