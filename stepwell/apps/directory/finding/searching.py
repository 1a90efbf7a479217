"""The search that pages call, whichever engine the host has chosen."""

from datetime import date

from django.conf import settings

from stepwell.apps.directory.finding.database import DatabaseEngine
from stepwell.apps.directory.finding.engine import Engine, Found
from stepwell.apps.directory.snapshot.engine import SnapshotEngine
from stepwell.domain.offers import Preferences

ENGINES: dict[str, Engine] = {"database": DatabaseEngine(), "snapshot": SnapshotEngine()}


def search(wanted: Preferences, *, page: int, today: date, site: str) -> Found:
    """Return one page, from 1, of the listings that fit."""
    return ENGINES[settings.DIRECTORY_ENGINE].search(wanted, page=page, today=today, site=site)
