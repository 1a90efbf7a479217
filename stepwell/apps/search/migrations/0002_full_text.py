"""The databases' own full-text index of the marks, kept by the database itself."""

from django.db import migrations

TABLES = (("search_marks", "marks", ""), ("search_title_marks", "title_marks", ", prefix='1 2 3'"))
TEXT = "search_searchtext"


def sqlite(schema_editor):
    for table, column, more in TABLES:
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({column}, content='{TEXT}', "
            f"content_rowid='document_id', detail=none, columnsize=0{more}, "
            "tokenize=\"ascii tokenchars '_'\")"
        )
    gone, come = [], []
    for table, column, _ in TABLES:
        come.append(
            f"INSERT INTO {table}(rowid, {column}) VALUES (new.document_id, new.{column});"
        )
        gone.append(
            f"INSERT INTO {table}({table}, rowid, {column}) "
            f"VALUES ('delete', old.document_id, old.{column});"
        )
    steps = {"INSERT": come, "DELETE": gone, "UPDATE": gone + come}
    for verb, body in steps.items():
        schema_editor.execute(
            f"CREATE TRIGGER search_after_{verb.lower()} AFTER {verb} ON {TEXT} "
            f"BEGIN {' '.join(body)} END"
        )


def postgresql(schema_editor):
    for column in ("marks", "title_marks"):
        schema_editor.execute(
            f"ALTER TABLE {TEXT} ADD COLUMN {column}_index tsvector GENERATED ALWAYS AS "
            f"(array_to_tsvector(string_to_array({column}, ' '))) STORED"
        )
        schema_editor.execute(
            f"CREATE INDEX search_{column}_gin ON {TEXT} USING gin ({column}_index)"
        )


def make(apps, schema_editor):
    (postgresql if schema_editor.connection.vendor == "postgresql" else sqlite)(schema_editor)


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in ("marks", "title_marks"):
            schema_editor.execute(f"ALTER TABLE {TEXT} DROP COLUMN {column}_index")
        return
    for verb in ("insert", "delete", "update"):
        schema_editor.execute(f"DROP TRIGGER search_after_{verb}")
    for table, _, _ in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_the_index")]
    operations = [migrations.RunPython(make, take_away)]
