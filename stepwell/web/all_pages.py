"""Every address whose page is kept, over all rooms."""

from collections.abc import Iterator

from django.urls import resolve

from stepwell.apps.magazine.addresses import every_address
from stepwell.web.routes import register
from stepwell.web.sitemaps import public_paths

FILES = ("/sitemap.xml", "/sitemap-pages.xml")


def kept_paths() -> Iterator[str]:
    """Yield the path of every page that the store keeps when it is made whole."""
    stored = {route.name for route in register().routes if route.stored}
    yield from every_address()
    yield from FILES
    yield from (path for path in public_paths() if resolve(path).view_name in stored)
