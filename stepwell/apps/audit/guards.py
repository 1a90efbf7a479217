"""What the database refuses by itself: an event is neither changed nor deleted.

Only two changes pass: an event that waits gets its place in the chain, and the two parts
that can be erased become empty. One condition, the same on both databases. Whoever owns
the database can drop the triggers; then the chain and the checkpoints show it.
A migration that alters the table on SQLite makes the table anew and loses them: call
`guard` again in it. `stepwell audit verify` says when they are missing.
"""

from typing import Any

TABLE = "audit_event"
NAMES = ("audit_event_kept", "audit_event_unchanged")
KEPT = ("id", "at", "verb", "thing")
LINKED = ("position", "before", "hash", "by_seal", "reason_seal")


def _changed(column: str) -> str:
    return f'OLD."{column}" IS DISTINCT FROM NEW."{column}"'


def _forbidden() -> str:
    erased = 'NEW."by_salt" = \'\' AND NEW."by_id" IS NULL'
    unsaid = "NEW.\"reason_salt\" = '' AND NEW.\"reason\" = ''"
    linked = " OR ".join(_changed(column) for column in LINKED)
    parts = [
        *(_changed(column) for column in KEPT),
        f"({_changed('by_id')} AND NOT ({erased}))",
        f"({_changed('reason')} AND NOT ({unsaid}))",
        f'(OLD."position" IS NOT NULL AND ({linked}))',
        f'(OLD."position" IS NOT NULL AND {_changed("by_salt")} AND NOT ({erased}))',
        f'(OLD."position" IS NOT NULL AND {_changed("reason_salt")} AND NOT ({unsaid}))',
        '(OLD."position" IS NULL AND NEW."position" IS NULL)',
    ]
    return " OR ".join(parts)


def guard(connection: Any) -> None:
    """Make the triggers, anew where they are there."""
    unguard(connection)
    kept, unchanged = NAMES
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            refuse = "BEGIN SELECT RAISE(ABORT, 'an audit event stays as it is'); END"
            cursor.execute(f"CREATE TRIGGER {kept} BEFORE DELETE ON {TABLE} {refuse}")
            cursor.execute(
                f"CREATE TRIGGER {unchanged} BEFORE UPDATE ON {TABLE} WHEN {_forbidden()} {refuse}"
            )
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'an audit event stays as it is'; END$$"
        )
        refuse = "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        each = f"FOR EACH ROW WHEN ({_forbidden()}) EXECUTE FUNCTION audit_refuse()"
        cursor.execute(f"CREATE TRIGGER {kept} BEFORE DELETE ON {TABLE} {refuse}")
        cursor.execute(f"CREATE TRIGGER {unchanged} BEFORE UPDATE ON {TABLE} {each}")


def unguard(connection: Any) -> None:
    """Take the triggers away: for tests that empty the tables, and for going back."""
    on = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def is_guarded(connection: Any) -> bool:
    """Say whether both triggers stand."""
    sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s)"
    postgresql = "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'D' AND tgname IN (%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else postgresql, NAMES)
        return bool(cursor.fetchone()[0] == len(NAMES))
