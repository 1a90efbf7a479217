"""What every page's masthead and footer show. Never touches the database or the session."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from stepwell.apps.pages.recording import good_through
from stepwell.domain import loading
from stepwell.domain.sections import sections
from stepwell.web.routes import PageClass, route_of

SHORT_MENU = (
    "news",
    "marriage-psychology",
    "workplace-psychology",
    "interpersonal-relationship",
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, sections and home country."""
    year = timezone.localdate().year
    good_through(date(year, 12, 31))
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL.rstrip("/"),
        "is_public": _is_public(request),
        "strapline": settings.SITE_STRAPLINE,
        "contact_email": settings.CONTACT_EMAIL,
        "home_country": settings.HOME_COUNTRY,
        **_menus(),
        "year": year,
    }


@loading.remembered
def _menus() -> dict[str, list[dict[str, Any]]]:
    """Return the sections of the masthead, and the few that the short menu names."""
    all_of_them = [
        {"id": s.id, "name": s.name, "hue": s.hue, "url": f"/{s.id}/"} for s in sections()
    ]
    by_id = {one["id"]: one for one in all_of_them}
    short = [by_id[section_id] for section_id in SHORT_MENU if section_id in by_id]
    return {"sections": all_of_them, "short_menu": short}


def _is_public(request: HttpRequest) -> bool:
    """Return whether anybody may keep this page; only such a page names its address."""
    route = route_of(request)
    return route is not None and route.page_class is PageClass.PUBLIC
