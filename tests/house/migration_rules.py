"""What a migration may do while the version before it still runs: expand, migrate, contract.

A migration that has to do more says why in `SAFE_BECAUSE = "..."` at its top: for a step that
contracts, which version stopped to use what it takes away.
"""

import sys
from collections.abc import Iterator
from typing import Any

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from stepwell.lib.migrating import AddIndexBesideWriters

# What of a field the database does not know.
ONLY_PYTHON = {
    *("blank", "choices", "default", "editable", "error_messages", "help_text", "limit_choices_to"),
    *("on_delete", "related_name", "related_query_name", "validators", "verbose_name"),
}
REFUSED = {
    (migrations.RemoveField, migrations.DeleteModel): "the version before still reads it",
    (
        migrations.RenameField,
        migrations.RenameModel,
        migrations.AlterModelTable,
    ): "add the new one, copy, remove the old one later",
    (migrations.RunSQL,): "no rule can read it",
    (migrations.AddIndex,): "stops writes; use AddIndexBesideWriters",
    (
        migrations.AddConstraint,
        migrations.AlterUniqueTogether,
    ): "the version before may break it, and checking stops writes",
}


def problems(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """Return what in a migration the version before it, or its users, would not bear."""
    if str(getattr(sys.modules.get(type(migration).__module__), "SAFE_BECAUSE", "")).strip():
        return []
    state, found, new = before.clone(), list[str](), set[str]()
    for step in _flat(migration.operations):
        if isinstance(step, migrations.CreateModel):
            new.add(step.name_lower)
        elif getattr(step, "model_name_lower", getattr(step, "name_lower", "")) not in new:
            found += _of(step, migration.app_label, state, migration)
        step.state_forwards(migration.app_label, state)
    kinds = {isinstance(step, migrations.RunPython) for step in _flat(migration.operations)}
    if kinds == {True, False}:
        found.append("moves rows and changes tables at once: make two migrations of it")
    return found


def _flat(steps: Any) -> Iterator[Any]:
    for step in steps:
        if isinstance(step, migrations.SeparateDatabaseAndState):
            yield from _flat(step.database_operations)
        else:
            yield step


def _of(step: Any, app: str, state: ProjectState, migration: Any) -> Iterator[str]:
    if isinstance(step, migrations.AddField):
        yield from _added(step)
    elif isinstance(step, migrations.AlterField):
        yield from _altered(step, state.models[app, step.model_name_lower].fields[step.name])
    elif isinstance(step, AddIndexBesideWriters):
        if migration.atomic:
            yield f"{step.describe()}: say `atomic = False`"
    else:
        for kinds, why in REFUSED.items():
            if isinstance(step, kinds):
                yield f"{step.describe()}: {why}"


def _added(step: migrations.AddField) -> Iterator[str]:
    field = step.field
    if field.many_to_many or field.null or field.has_db_default():
        if field.unique and not field.null:
            yield f"{step.describe()}: the version before cannot write a second row"
        return
    yield f"{step.describe()}: the version before writes rows without it; give it db_default"


def _altered(step: migrations.AlterField, old: models.Field[Any, Any]) -> Iterator[str]:
    _, was_path, _, was = old.deconstruct()
    _, path, _, now = step.field.deconstruct()
    if was_path != path:
        yield f"{step.describe()}: another type; add a new field instead"
        return
    changed = {name for name in {*was, *now} if was.get(name) != now.get(name)} - ONLY_PYTHON
    if "null" in changed and now.get("null"):
        changed.discard("null")
    if "max_length" in changed and (now.get("max_length") or 0) > (was.get("max_length") or 0):
        changed.discard("max_length")
    if changed:
        yield f"{step.describe()}: {', '.join(sorted(changed))} gets stricter or is rewritten"
