"""The style, the script, and a page with every component on sample data."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from stepwell.design import bundle, samples
from stepwell.design.cards import Card, png

FOR_EVER = "public, max-age=31536000, immutable"


def components(request: HttpRequest) -> HttpResponse:
    """Show every component with sample data."""
    return render(request, "design/components.html", samples.context())


def icon(request: HttpRequest) -> HttpResponse:
    """Answer the mark as the site's icon."""
    content = (bundle.STATIC / "icon.svg").read_bytes()
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(content, content_type="image/svg+xml", headers=headers)


def card(request: HttpRequest, version: str) -> HttpResponse:
    """Answer the social card of the site under the name that its words give."""
    site = Card(settings.SITE_NAME)
    if version != site.version:
        raise Http404("An older card.")
    return HttpResponse(png(site), content_type="image/png", headers={"Cache-Control": FOR_EVER})


def style(request: HttpRequest, version: str) -> HttpResponse:
    """Answer the joined style under the name that its hash gives."""
    return _file(bundle.style(), version, "text/css")


def script(request: HttpRequest, version: str) -> HttpResponse:
    """Answer the joined script under the name that its hash gives."""
    return _file(bundle.script(), version, "text/javascript")


def _file(content: bytes, version: str, content_type: str) -> HttpResponse:
    if version != bundle.short_hash(content):
        raise Http404("An older version of this file.")
    kind = f"{content_type}; charset=utf-8"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": FOR_EVER})
