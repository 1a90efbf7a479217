"""Data: what was recorded before there was a chain gets its place in it, in the order of ids."""

from typing import Any

from django.db import migrations

from stepwell.apps.audit.linking import link_some


def link_all(apps: Any, schema_editor: Any) -> None:
    event, head = apps.get_model("audit", "Event"), apps.get_model("audit", "Head")
    while link_some(event, head):
        pass


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [migrations.RunPython(link_all, migrations.RunPython.noop)]
