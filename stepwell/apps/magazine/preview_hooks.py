"""The way to the links of a draft in the admin. `wagtail_hooks` brings it in."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from stepwell.apps.magazine import access, preview_views
from stepwell.apps.magazine.models import ArticlePage


@hooks.register("register_admin_urls")
def add_the_links() -> list[URLPattern]:
    """Add the page that makes and ends links."""
    links = preview_views.links
    return [path("preview-links/<int:page_id>/", links, name="magazine_preview_links")]


@hooks.register("register_page_header_buttons")
def add_the_button(page: Page, user: Any, view_name: str, **told: Any) -> Iterator[Button]:
    """Lead from an article to the links of its draft."""
    if isinstance(page.specific, ArticlePage) and access.can_share_draft(user, page):
        url = reverse("magazine_preview_links", args=[page.pk])
        yield Button("Preview link", url, icon_name="link", priority=6)
