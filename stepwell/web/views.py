"""Pages that belong to no room or join several."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stepwell.domain import promises, sign_off
from stepwell.domain.instruments import instruments
from stepwell.domain.support import kinds
from stepwell.lib.origin import came_from_elsewhere, same_origin_only
from stepwell.web import retention, site_map
from stepwell.web import search as searching


@csrf_exempt
@same_origin_only
def search(request: HttpRequest) -> HttpResponse:
    """Search the whole site. Words arrive by POST, so that no address holds them."""
    question = searching.read(request.POST)
    found = searching.answer(question, timezone.localdate())
    return render(request, "web/search.html", {"found": found, **searching.choices()})


@csrf_exempt
@same_origin_only
def search_as_you_type(request: HttpRequest) -> JsonResponse:
    """Return what to offer while somebody is typing, for <live-search>."""
    offered = searching.while_typing(request.POST.get("words", ""), timezone.localdate())
    return JsonResponse({"results": offered})


def leave(request: HttpRequest) -> HttpResponse:
    """Leave for a neutral site and clear what the browser kept (TRUST X4)."""
    response = HttpResponseRedirect(settings.EXIT_URL)
    response.status_code = 303
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    prefetch = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.COOKIES and not prefetch and not came_from_elsewhere(request):
        request.session.flush()
    return response


def about(request: HttpRequest) -> HttpResponse:
    """Who runs this, what it is for, how it is made and paid for."""
    context = {
        "kinds": len(kinds()),
        "tests": len(instruments()),
        "rules_signed": sign_off.rules_signed(),
        "readers": settings.CONTACT_READERS,
        "hours": settings.CONTACT_HOURS,
    }
    return render(request, "web/about.html", context)


def what_this_is(request: HttpRequest) -> HttpResponse:
    """The intended purpose: signposting and information."""
    return render(request, "web/what_this_is.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """What happens to what a visitor does here: what the tests of this release hold."""
    found = promises.proven()
    context = {
        "topics": promises.shown().items(),
        "version": found.version,
        "looked_on": found.looked_on,
        "rows": retention.rows(),
    }
    return render(request, "web/privacy.html", context)


def disclaimer(request: HttpRequest) -> HttpResponse:
    """What the texts are and are not."""
    return render(request, "web/disclaimer.html")


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every part of the site on one page."""
    return render(request, "web/sitemap.html", {"groups": site_map.groups()})


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /guide/", "Disallow: /find/"]
    lines += ["Disallow: /q/", "Disallow: /exit/", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: mailto:{settings.CONTACT_EMAIL}", f"Expires: {expires}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def gpc(request: HttpRequest) -> HttpResponse:
    """Say that Global Privacy Control is honoured: nothing is sold or shared."""
    return JsonResponse({"gpc": True, "lastUpdate": "2026-11-24"})


def change_password(request: HttpRequest) -> HttpResponse:
    """Where staff change their password."""
    return redirect("account_change_password")
