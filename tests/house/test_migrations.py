"""R9: every migration can run while the version before it serves (expand, migrate, contract)."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from stepwell.lib import migrating
from stepwell.lib.migrating import AddIndexBesideWriters
from tests.house.migration_rules import problems

# No version has been released yet: nothing runs beside these.
FIRST = Path(__file__).parent / "migrations_of_the_first_version.txt"
BEFORE = ModelState(
    "shop",
    "Thing",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("note", models.TextField(null=True)),
    ],
)


def found(*steps, atomic: bool = True, because: str = "") -> str:
    """What the rules say of these steps, after a table of things is there."""
    module = ModuleType("shop.migrations.m0002")
    module.SAFE_BECAUSE = because
    sys.modules[module.__name__] = module
    kind = type(
        "Migration",
        (migrations.Migration,),
        {"operations": list(steps), "atomic": atomic, "__module__": module.__name__},
    )
    state = ProjectState()
    state.add_model(BEFORE.clone())
    try:
        return "; ".join(problems(kind("0002", "shop"), state))
    finally:
        del sys.modules[module.__name__]


CHAR = models.CharField(max_length=20)
INDEX = models.Index(fields=["name"], name="by_name")
UNIQUE = models.UniqueConstraint(fields=["name"], name="one_name")
NEW = migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])
REFUSED = {
    "remove a field": migrations.RemoveField("thing", "name"),
    "delete a table": migrations.DeleteModel("Thing"),
    "rename a field": migrations.RenameField("thing", "name", "title"),
    "rename a table": migrations.RenameModel("Thing", "Object"),
    "move a table": migrations.AlterModelTable("thing", "things"),
    "add a required field": migrations.AddField("thing", "size", models.IntegerField()),
    "default in Python only": migrations.AddField("thing", "a", models.IntegerField(default=1)),
    "one-off default": migrations.AddField("thing", "a", CHAR, preserve_default=False),
    "unique with a default": migrations.AddField(
        "thing", "a", models.IntegerField(db_default=1, unique=True)
    ),
    "require what was free": migrations.AlterField("thing", "note", models.TextField()),
    "shorten": migrations.AlterField("thing", "name", models.CharField(max_length=19)),
    "another type": migrations.AlterField("thing", "name", models.TextField()),
    "make unique": migrations.AlterField(
        "thing", "name", models.CharField(max_length=20, unique=True)
    ),
    "index a column": migrations.AlterField(
        "thing", "name", models.CharField(max_length=20, db_index=True)
    ),
    "index with a lock": migrations.AddIndex("thing", INDEX),
    "index in a transaction": AddIndexBesideWriters("thing", INDEX),
    "constraint": migrations.AddConstraint("thing", UNIQUE),
    "unread SQL": migrations.RunSQL("ALTER TABLE shop_thing DROP COLUMN name"),
    "hidden in a pair": migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RemoveField("thing", "name")]
    ),
}
ALLOWED = {
    "add a free field": migrations.AddField("thing", "size", models.IntegerField(null=True)),
    "default in the database": migrations.AddField(
        "thing", "size", models.IntegerField(db_default=1)
    ),
    "free what was required": migrations.AlterField(
        "thing", "name", models.CharField(max_length=20, null=True)
    ),
    "lengthen": migrations.AlterField("thing", "name", models.CharField(max_length=21)),
    "other choices": migrations.AlterField(
        "thing", "name", models.CharField(max_length=20, choices=[("a", "b")], blank=True)
    ),
    "new table": NEW,
    "move rows": migrations.RunPython(migrations.RunPython.noop),
    "remove an index": migrations.RemoveIndex("thing", "by_name"),
    "state only": migrations.SeparateDatabaseAndState(
        state_operations=[migrations.RemoveField("thing", "name")]
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_R9_what_the_version_before_cannot_bear_is_refused(name):
    assert found(REFUSED[name])
    assert not found(REFUSED[name], because="No code since 0.2 reads it.")
    assert found(REFUSED[name], because="  ")


@pytest.mark.parametrize("name", ALLOWED)
def test_R9_what_only_adds_is_let_through(name):
    steps = [ALLOWED[name]]
    if name == "remove an index":
        steps = [AddIndexBesideWriters("thing", INDEX), *steps]
    assert found(*steps, atomic=False) == ""


def test_a_new_table_may_have_what_it_wants():
    required = migrations.AddField("other", "size", models.IntegerField())
    constraint = migrations.AddConstraint(
        "other", models.CheckConstraint(condition=models.Q(size__gt=0), name="some")
    )
    assert found(NEW, required, constraint) == ""


def test_rows_are_not_moved_while_tables_change():
    added = migrations.AddField("thing", "size", models.IntegerField(null=True))
    assert "two migrations" in found(added, migrations.RunPython(migrations.RunPython.noop))


def test_R9_every_migration_since_the_first_version_can_run_beside_the_version_before():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    first = set(FIRST.read_text(encoding="utf-8").split())
    ours = {
        f"{app}.{name}": migration
        for (app, name), migration in loader.disk_migrations.items()
        if type(migration).__module__.startswith("stepwell.")
    }
    told = {
        name: problems(
            migration, loader.project_state((migration.app_label, migration.name), at_end=False)
        )
        for name, migration in ours.items()
        if name not in first
    }

    assert first <= set(ours), "a migration that was released may not go"
    assert {name: said for name, said in told.items() if said} == {}


@pytest.mark.django_db
def test_R9_a_migration_waits_only_briefly_for_a_lock():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no lock_timeout; its busy_timeout is in tests/lib")

    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()[0]

    before = limit()
    migrating.wait_briefly(using="default")
    assert limit() == migrating.LOCK_TIMEOUT
    migrating.wait_as_before(using="default")
    assert limit() == before
    receivers = [one[1]() for one in models.signals.pre_migrate.receivers]
    assert migrating.wait_briefly in receivers
