"""Regular work of every host: follow what others changed, make held pages again, forget."""

from datetime import datetime, timedelta

from django.conf import settings

from stepwell.apps.pages import actions
from stepwell.apps.pages.folder import store
from stepwell.apps.tasks.registry import register

SECOND = timedelta(seconds=1)


def register_tasks() -> None:
    """Have the store of each host looked after, where there is one."""
    if settings.KEEP_PAGES:
        register("pages.look", every=SECOND, run=_look, on_every_host=True)
        register("pages.settle", every=2 * SECOND, run=_settle, on_every_host=True)
        register("pages.forget", every=timedelta(hours=1), run=_forget)


def _look(now: datetime) -> None:
    actions.look()


def _settle(now: datetime) -> int:
    kept = store()
    return 0 if kept is None else actions.settle(kept) + actions.make_ended_again()


def _forget(now: datetime) -> None:
    actions.forget_changes()
