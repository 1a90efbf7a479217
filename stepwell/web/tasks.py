"""Regular work over all rooms: public pages not kept yet, and what web servers need."""

from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings

from stepwell.apps.pages import actions
from stepwell.apps.tasks.registry import register
from stepwell.web import server_files
from stepwell.web.all_pages import kept_paths

AT_A_TIME = 1_000


def register_tasks() -> None:
    """Have the store filled, where there is one."""
    register("web.server_files", every=timedelta(days=1), run=_write_server_files)
    register("web.sessions", every=timedelta(days=1), run=_clear_sessions)
    if settings.KEEP_PAGES:
        register("pages.fill", every=timedelta(minutes=1), run=_fill)


def _write_server_files(now: datetime) -> None:
    server_files.write()


def _clear_sessions(now: datetime) -> int:
    """Delete the sessions that are over; return how many."""
    sessions = apps.get_model("sessions.Session")._default_manager
    deleted, _ = sessions.filter(expire_date__lt=now).delete()
    return deleted


def _fill(now: datetime) -> None:
    actions.fill(kept_paths(), AT_A_TIME)
