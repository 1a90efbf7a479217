"""Changes of the database while the site runs: none waits long for a lock, indexes take none."""

from typing import Any

from django.db import connections, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LOCK_TIMEOUT = "5s"  # whoever waits for a table's lock stops everybody behind it


def wait_briefly(*, using: str, **_: Any) -> None:
    """Have a migration give up rather than hold up the site. At pre_migrate."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])


def wait_as_before(*, using: str, **_: Any) -> None:
    """Take the limit back. At post_migrate."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


class AddIndexBesideWriters(migrations.AddIndex):
    """Adds an index without stopping writes. Its migration says `atomic = False`."""

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Build the index, on PostgreSQL concurrently."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]
