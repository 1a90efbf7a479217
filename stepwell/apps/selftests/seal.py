"""What seals an answer page: one script, one style, and a policy that lets nothing out.

Script and style stand inside the page, and the policy names them by the hash of
the very files, taken when the site starts: any other script, or one changed
character, does not run. `'self'` is allowed for nothing: the server is also
"someone else" (TRUST Q1).
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from stepwell.design.bundle import STATIC

Rest = ParamSpec("Rest")
HERE = Path(__file__).parent / "sealed"
# In this order: the first ones are pure, "start" runs what all of them define.
ORDER = ["scorer", "base_rates", "figures", "own_file", "lock", "change", "page", "keep", "start"]
SCRIPTS = tuple(HERE / f"{name}.js" for name in ORDER)
# The site's look without its font: sealed pages use what the system has.
STYLES = (
    *(STATIC / name for name in ("reset.css", "tokens.css", "base.css", "layout.css")),
    *(STATIC / "components" / f"{name}.css" for name in ("masthead", "button", "question", "plan")),
    HERE / "sealed.css",
)


def _joined(files: Iterable[Path]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def hash_source(content: str) -> str:
    """Return the policy's name for an inline script or style: `'sha256-...'`."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


# In a function of its own, so that nothing of it can be reached from outside.
SCRIPT = f'(() => {{\n"use strict";\n{_joined(SCRIPTS)}}})();\n'
STYLE = _joined(STYLES)
POLICY = (
    f"default-src 'none'; script-src {hash_source(SCRIPT)}; style-src {hash_source(STYLE)}; "
    "img-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; "
    "sandbox allow-scripts allow-same-origin allow-downloads allow-modals; webrtc 'block'"
)


def sealed(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Give a view's page the sealed policy; refuse every request that carries something (Q3)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if carries_something(request):
            raise BadRequest("This page takes nothing in.")
        response = view(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return guarded


def carries_something(request: HttpRequest) -> bool:
    """Say whether a request has a query string or a body, of whatever kind."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    chunked = "HTTP_TRANSFER_ENCODING" in request.META
    return bool(request.META.get("QUERY_STRING")) or chunked or length.strip() != "0"
