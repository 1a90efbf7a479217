"""Names for addresses, made from other columns of a row whenever it is written."""

from typing import Any

from django.db import models
from django.utils.text import slugify


def slug_of(*parts: str) -> str:
    """Return parts as one name for an address: small letters of any script, digits, hyphens.

    Parts that are the same stand there once: Berlin in Berlin is "berlin".
    """
    return slugify(" ".join(filter(None, dict.fromkeys(parts))), allow_unicode=True)


class MadeSlugField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """A column that holds the slug of other columns, also of rows that are written in bulk."""

    def __init__(self, *, made_of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.made_of = made_of
        super().__init__(**{**kwargs, "editable": False, "default": ""})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, {**kwargs, "made_of": self.made_of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the slug that goes into the row."""
        made = slug_of(*(getattr(model_instance, name) for name in self.made_of))
        setattr(model_instance, self.attname, made[: self.max_length])
        return made[: self.max_length]
