"""The room's regular work."""

from datetime import timedelta

from stepwell.apps.search import actions
from stepwell.apps.tasks.registry import register

EVERY = timedelta(minutes=5)  # erased words are gone within ten minutes, one failure included


def register_tasks() -> None:
    """Have words of removed documents leave the database file."""
    register("search.tidy", every=EVERY, run=lambda now: actions.tidy())
