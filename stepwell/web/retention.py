"""How long what is not public is kept: one table, shown on the privacy page (TRUST D3)."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings

from stepwell.domain import loading
from stepwell.domain.sources import Frozen, Text

FILE = Path(__file__).parent.parent / "config" / "retention.toml"
NOT_PUBLIC = ("A", "B")
CLASS_WORDS = {
    "A": "health, contact and safety",
    "B": "identity",
    "C": "how the site runs",
    "D": "public",
}


class Kept(Frozen):
    """Tables of the database: what they hold, who sees it, how long it is kept."""

    models: tuple[Text, ...]
    what: Text
    who: Text
    days: str = ""  # the name of a setting
    until: str = ""
    job: str = ""  # the name of the task that deletes it
    no_job: str = ""  # or why none is needed


class Row(NamedTuple):
    """One line of the table on the privacy page."""

    what: str
    who: str
    how_long: str
    classes: str


class _Table(Frozen):
    kept: tuple[Kept, ...]


@cache
def table() -> tuple[Kept, ...]:
    """Return the table as it was written."""
    return loading.read(FILE, _Table).kept


def classes_by_model() -> dict[str, set[str]]:
    """Return the classes of the fields of every table of ours, as "app.Model"."""
    found: dict[str, set[str]] = {}
    for config in apps.get_app_configs():
        fields = getattr(config.models_module, "FIELD_CLASSES", {})
        for name, letter in fields.items():
            found.setdefault(f"{config.label}.{name.partition('.')[0]}", set()).add(letter)
    return found


def not_public() -> set[str]:
    """Return the tables that hold anything of class A or B."""
    return {model for model, classes in classes_by_model().items() if classes & set(NOT_PUBLIC)}


def rows() -> list[Row]:
    """Return what the privacy page shows."""
    classes = classes_by_model()
    return [Row(one.what, one.who, _how_long(one), _highest(one, classes)) for one in table()]


def _how_long(kept: Kept) -> str:
    return f"{getattr(settings, kept.days)} days" if kept.days else kept.until


def _highest(kept: Kept, classes: dict[str, set[str]]) -> str:
    letters = [letter for model in kept.models for letter in classes.get(model, {"C"})]
    return CLASS_WORDS[min(letters)]
