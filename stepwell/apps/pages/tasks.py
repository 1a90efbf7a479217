"""Regular work: follow what other processes changed, make held pages again, forget."""

from datetime import datetime, timedelta

from django.conf import settings

from stepwell.apps.pages import actions
from stepwell.apps.pages.folder import store
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Have the store looked after, where there is one."""
    if settings.KEEP_PAGES:
        register("pages.settle", every=timedelta(seconds=10), run=_settle)
        register("pages.forget", every=timedelta(hours=1), run=_forget)


def _settle(now: datetime) -> None:
    kept = store()
    if kept is not None:
        with kept.locked():
            actions.hold_what_changed(kept)
        actions.settle(kept)
        actions.make_ended_again()


def _forget(now: datetime) -> None:
    actions.forget_changes()
