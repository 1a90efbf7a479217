"""What somebody who got hold of a part of this site could read, worked out from the site itself.

TRUST D6. Tables and classes come from FIELD_CLASSES, locked fields from the models, rights
from roles.toml, addresses from routes.toml, rows from the database of today.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from stepwell.apps.accounts.roles import roles
from stepwell.domain import loading
from stepwell.domain.sources import Frozen, Text
from stepwell.lib import key_rings, sealing
from stepwell.web import routes

FILE = Path(__file__).parent.parent / "config" / "breach.toml"
CANARY = "canary-in-a-sealed-field"
# Rights that show more than the table they are named after; the first word of a right
# (view, add, change) shows its own table anyway.
OPENS = {
    "contact.read_letter": ("contact.Letter",),
    "directory.read_report": ("directory.Report",),
    "directory.change_credential": ("directory.Evidence", "directory.CredentialCheck"),
    "directory.view_provider": ("audit.Event", "directory.Case"),
    "magazine.sign_review": ("accounts.Clinician",),
}
FOR_SUPERUSERS = ("accounts.Person", "accounts.Clinician")  # accounts and profiles in the admin
NEVER_SHOWN = {"accounts.Person.password"}  # the admin shows it to nobody
TELL = {
    "A": (
        "Within 72 hours: the data protection authority. Without delay: the people whose words or "
        "documents these are, plainly, and so that others at home do not learn of it."
    ),
    "B": (
        "Within 72 hours: the data protection authority, unless nobody is harmed by it. The people "
        "named there, if it can harm them: staff and providers by mail."
    ),
    "C": (
        "Nobody has to be told by law as far as these fields go; "
        "write down what happened, and why you think so."
    ),
}


class Attacker(Frozen):
    """Who holds what, in words."""

    id: Text
    name: Text
    reads: Literal["database", "everything", "role", "superuser", "traffic"]
    role: str = ""
    steps: tuple[Text, ...]


class _File(Frozen):
    attackers: tuple[Attacker, ...]


class Table(NamedTuple):
    """Fields of one table by class: those that somebody could read, and those that stay locked."""

    name: str
    rows: int
    clear: dict[str, list[str]]
    locked: dict[str, list[str]]


class Rehearsal(NamedTuple):
    """One attacker, and what follows."""

    attacker: Attacker
    tables: list[Table]
    passing: list[str]  # routes whose typed text passes by
    tell: str


def rehearse() -> list[Rehearsal]:
    """Return what each attacker could read today."""
    counts = {model: apps.get_model(model)._base_manager.count() for model in _fields()}
    return [_rehearse(one, counts) for one in loading.read(FILE, _File).attackers]


def _rehearse(attacker: Attacker, counts: dict[str, int]) -> Rehearsal:
    passing = _typed() if attacker.reads == "traffic" else []
    tables = [_table(model, attacker, counts[model]) for model in sorted(_seen(attacker))]
    letters = {letter for table in tables if table.rows for letter in table.clear}
    if passing:
        letters = {"A"}
    return Rehearsal(attacker, tables, passing, TELL[min(letters, default="C")])


def _table(model: str, attacker: Attacker, rows: int) -> Table:
    clear: dict[str, list[str]] = {}
    locked: dict[str, list[str]] = {}
    seals = {f"{one._meta.label}.{name}" for one, name in sealing.sealed_columns()}
    by_account = attacker.reads in {"role", "superuser"}
    for name, letter in _fields()[model].items():
        path = f"{model}.{name}"
        if by_account and path in NEVER_SHOWN:
            continue
        stays = attacker.reads == "database" and path in seals
        (locked if stays else clear).setdefault(letter, []).append(name)
    return Table(model, rows, clear, locked)


def _fields() -> dict[str, dict[str, str]]:
    """Return the fields of class A, B and C of every table of ours, as "app.Model"."""
    found: dict[str, dict[str, str]] = {}
    for config in apps.get_app_configs():
        for path, letter in getattr(config.models_module, "FIELD_CLASSES", {}).items():
            model, _, name = path.partition(".")
            if letter != "D":
                found.setdefault(f"{config.label}.{model}", {})[name] = letter
    return found


def _seen(attacker: Attacker) -> set[str]:
    if attacker.reads in {"database", "everything"}:
        return set(_fields())
    if attacker.reads == "traffic":
        return set()
    chosen = [one for one in roles() if attacker.reads == "superuser" or one.name == attacker.role]
    seen = {model for role in chosen for right in role.permissions for model in _shown_by(right)}
    if attacker.reads == "superuser":
        seen.update(FOR_SUPERUSERS)
    return seen & set(_fields())


def _shown_by(right: str) -> Iterator[str]:
    yield from OPENS.get(right, ())
    label, _, codename = right.partition(".")
    verb, _, name = codename.partition("_")
    if verb in {"view", "add", "change"}:
        for model in apps.get_app_config(label).get_models():
            if model._meta.model_name == name:
                yield model._meta.label


def _typed() -> list[str]:
    """Return the routes to which people send what they typed, and which nobody may keep."""
    found = routes.register().routes
    return [one.name for one in found if one.page_class == "sensitive" and "POST" in one.methods]


def probe() -> dict[str, bool]:
    """Seal a canary into each locked field and try to read it; nothing of it stays.

    True means that the claim holds: with the keys it opens, with others it does not, and
    the row in the database does not show it.
    """
    # Another key under the same name, so that it is tried and not only looked for.
    other = f"{sealing.ring().newest} {key_rings.new_line().split()[1]}"
    others = key_rings.parse(other, "a key of somebody else")
    found = {}
    for model, name in sealing.sealed_columns():
        context = f"{model._meta.db_table}:{name}:{secrets.token_hex(8)}"
        found[f"{model._meta.label}.{name}"] = _holds(
            sealing.seal(CANARY, context), context, others
        )
    found["a row of contact.Letter in the database"] = _row_holds(others)
    return found


def _holds(sealed: str, context: str, others: Any) -> bool:
    opens = sealing.unseal(sealed, context) == CANARY
    try:
        others.unseal(sealed, context)
    except key_rings.SealingError:
        return opens and CANARY not in sealed
    return False


def _row_holds(others: Any) -> bool:
    with transaction.atomic():
        letter = apps.get_model("contact.Letter")(
            kind="question", written_on=timezone.localdate(), code_hash=secrets.token_hex(32)
        )
        sealing.seal_into(letter, message=CANARY, reply_to=CANARY, page=CANARY)
        letter.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT message, reply_to, page FROM contact_letter WHERE code_hash = %s",
                [letter.code_hash],
            )
            columns = dict(zip(("message", "reply_to", "page"), cursor.fetchone(), strict=True))
        transaction.set_rollback(True)
    return all(
        _holds(text, sealing.context_of(letter, name), others) for name, text in columns.items()
    )
