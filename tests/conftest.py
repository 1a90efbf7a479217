"""What every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.http import HttpRequest
from hypothesis import settings as hypothesis_settings

from stepwell.apps.audit import guards
from tests import migrated
from tests.trust import is_fast

# The same examples in every run, and no clock: a slow machine is no finding.
hypothesis_settings.register_profile("same", deadline=None, derandomize=True)
hypothesis_settings.load_profile("same")

# The browser driver runs an event loop in the test's thread; Django would refuse to ask
# the database there. Nothing in the tests is concurrent.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"  # reference data that lies beside the checkout on some machines


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the rules that every change is held to (`make trust`)."""
    for item in items:
        name = getattr(item, "originalname", None) or item.name
        if is_fast(name) and not item.get_closest_marker("proof"):
            item.add_marker(pytest.mark.trust)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data; skips the test by name where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the reference data is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Let the test database begin as a copy of a migrated one."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        migrated.copy_for_tests(connection, patch)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let tests empty the log: SQLite does it row by row, which the log's triggers refuse.

    Tests of the triggers make them again, each in a transaction that is taken back. At the
    end PostgreSQL ends the lines that tests broke on purpose; it drops no database in use.
    """
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            guards.unguard(connection)
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="session", autouse=True)
def _second_step() -> Iterator[None]:
    """Take the second step for passed where a test signs somebody in by `force_login`.

    That sends a request of nothing and is no event for the log; a real one names its server.
    """
    from stepwell.apps.accounts import sessions, watching

    def passed(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        if "SERVER_NAME" in request.META:
            watching.signed_in(sender, request, user, **kwargs)
        else:
            sessions.pass_factor(request, user)

    user_logged_in.disconnect(watching.signed_in)
    user_logged_in.connect(passed)
    yield
    user_logged_in.disconnect(passed)
