"""The newest moment that the clock has put into the database."""

from datetime import datetime

from django.apps import apps
from django.db.models import DateTimeField, Max


def newest_stored() -> datetime | None:
    """Return the newest value of every column that is set to the moment of writing."""
    newest: datetime | None = None
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add):
                found = model._base_manager.aggregate(newest=Max(field.attname))["newest"]
                newest = max(filter(None, (newest, found)), default=None)
    return newest
