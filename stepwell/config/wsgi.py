"""The door for web servers: kept pages first, then Django."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
_django = get_wsgi_application()
# Only now is there a configuration to read.
from stepwell.lib.leaving import is_leaving  # noqa: E402
from stepwell.web import first  # noqa: E402

_kept = first.shelf()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request.

    The server adds its own name where `Server` is missing, so it is sent empty:
    nobody needs to know what runs here (TRUST P4). While we leave, no connection stays open.
    """

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        closing = [("Connection", "close")] if is_leaving() else []
        return start(status, [*headers, ("Server", ""), *closing], *rest)

    found = first.answer(_kept, environ) if _kept else None
    if found is None:
        return _django(environ, begin)
    begin(found.status, found.headers)
    return [found.body]
