"""The database refuses by itself what the log must not suffer."""

from typing import Any

from django.db import migrations

from stepwell.apps.audit import guards


def guard(apps: Any, schema_editor: Any) -> None:
    guards.guard(schema_editor.connection)


def unguard(apps: Any, schema_editor: Any) -> None:
    guards.unguard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_link_what_is_there")]
    operations = [migrations.RunPython(guard, unguard)]
