"""Help now. No database, no cookie, no script, no form; nothing is guessed from the address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from stepwell.apps.crisis import presenters
from stepwell.domain import countries


def index(request: HttpRequest) -> HttpResponse:
    """The home country first, where the host set one, and every other country to choose."""
    page = presenters.page(settings.HOME_COUNTRY, timezone.localdate())
    return render(request, "crisis/index.html", page)


def country(request: HttpRequest, cc: str) -> HttpResponse:
    """One country's numbers, or why none are shown."""
    if not (cc.isascii() and cc.islower() and countries.is_country(cc.upper())):
        raise Http404
    return render(request, "crisis/country.html", presenters.page(cc, timezone.localdate()))
