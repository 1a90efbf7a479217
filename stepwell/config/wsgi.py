"""The door for web servers."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request.

    The server adds its own name where `Server` is missing, so it is sent empty:
    nobody needs to know what runs here (TRUST P4).
    """

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start(status, [*headers, ("Server", "")], *rest)

    return _django(environ, begin)
