"""Where reviews stand in the admin: menu, first page, buttons. `wagtail_hooks` brings it in."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from stepwell.apps.magazine import access, newsroom_presenters, review_queries, review_views
from stepwell.apps.magazine.models import ArticlePage, HomePage, SectionPage


class ReviewsItem(MenuItem):
    """The menu item, for those who may look."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether somebody sees it."""
        return access.can_see_reviews(request.user)


class ReviewPanel(Component):
    """How many articles are in each group, on the admin's first page."""

    name = "reviews"
    order = 150
    template_name = "magazine/admin/review_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the numbers of today."""
        counts = review_queries.counts_by_section(timezone.localdate())
        return {"totals": newsroom_presenters.totals(counts)}


@hooks.register("register_admin_urls")
def add_the_reviews() -> list[URLPattern]:
    """Add the pages on reviews."""
    confirm = review_views.confirm
    return [
        path("reviews/", review_views.overview, name="magazine_reviews"),
        path("reviews/<int:page_id>/sign/", review_views.sign, name="magazine_sign"),
        path("reviews/<int:page_id>/typing/", confirm, name="magazine_confirm_typing_error"),
    ]


@hooks.register("register_admin_menu_item")
def add_the_menu_item() -> MenuItem:
    """Add the way there."""
    return ReviewsItem("Reviews", reverse("magazine_reviews"), icon_name="tick-inverse", order=250)


@hooks.register("construct_homepage_panels")
def add_the_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Add the numbers to the first page."""
    if access.can_see_reviews(request.user):
        panels.append(ReviewPanel())


@hooks.register("register_page_header_buttons")
def add_the_button(page: Page, user: Any, view_name: str, **told: Any) -> Iterator[Button]:
    """Lead from an article to its signature."""
    if isinstance(page.specific, ArticlePage) and access.can_sign(user):
        url = reverse("magazine_sign", args=[page.pk])
        yield Button("Read and sign", url, icon_name="tick-inverse", priority=5)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_the_house_standing(request: HttpRequest, page: Page) -> None:
    """Leave front page and sections to those who may do everything: they hold all the rest."""
    whole = isinstance(page.specific, HomePage | SectionPage)
    if whole and not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
