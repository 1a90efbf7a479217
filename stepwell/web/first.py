"""The first door: kept pages are answered before Django is asked, with the same line in the log."""

import logging
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from stepwell.apps.pages import actions, folder
from stepwell.apps.pages.serving import Answer, Shelf
from stepwell.web import counting

log = logging.getLogger("stepwell.request")


def shelf() -> Shelf | None:
    """Return the kept pages of this release, looked through for changes; None without a store."""
    if not settings.KEEP_PAGES:
        return None
    actions.catch_up()
    site = urlsplit(settings.SITE_URL)
    https = site.scheme == "https"
    return Shelf(folder.root(), hosts=[site.netloc], https=https, look=actions.may_serve)


def answer(kept: Shelf, environ: dict[str, Any]) -> Answer | None:
    """Return a kept page and write its line (TRUST L1), or None where Django has to answer."""
    started = time.perf_counter()
    found = kept.answer(environ)
    if found is not None:
        fields: dict[str, Any] = {
            "route": found.route,
            "class": "public",
            "status": int(found.status[:3]),
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "request": secrets.token_hex(8),
        }
        log.info("request", extra={"event": "request", "fields": fields})
        counting.count(fields["class"], fields["status"], fields["ms"])
    return found
