"""Where an old address leads now: redirects that imports, moves and editors made."""

from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

ASKED_BY_NUMBER = ("p", "page_id", "attachment_id")  # how WordPress names a page by its number
_LONGEST = 2_000


def new_address(address: str) -> tuple[str, bool] | None:
    """Return where a path with its query leads now, and whether for good; None where nowhere.

    A redirect to a draft leads nowhere until the draft is published.
    """
    if len(address) > _LONGEST or "\0" in address:
        return None
    for path in dict.fromkeys((address, address.partition("?")[0])):
        found = _find(Redirect.normalise_path(path))
        if found is not None:
            return found
    return None


def _find(path: str) -> tuple[str, bool] | None:
    site = Site.objects.filter(is_default_site=True).first()
    found = (
        Redirect.objects.filter(Q(site=site) | Q(site=None), old_path=path)
        .order_by("-site")
        .select_related("redirect_page")
        .first()
    )
    if found is None or (found.redirect_page and not found.redirect_page.live):
        return None
    link = found.link
    return (link, bool(found.is_permanent)) if link and link != path else None


def asks_by_number(query: dict[str, str]) -> bool:
    """Return whether a request for the front page asks for a page of the old site."""
    return any(query.get(name, "").isdigit() for name in ASKED_BY_NUMBER)
