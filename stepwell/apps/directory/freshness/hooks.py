"""The stewards' side of freshness: a menu entry, its pages and the right to read reports."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stepwell.apps.directory.access import can_settle_listing
from stepwell.apps.directory.freshness import steward_views


class FreshnessItem(MenuItem):
    """The way to what nobody has confirmed lately."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to stewards."""
        return can_settle_listing(request.user)


def menu_item() -> MenuItem:
    """Return the entry for the directory's menu."""
    return FreshnessItem("Not confirmed", reverse("directory_freshness"), icon_name="time")


@hooks.register("register_admin_urls")
def add_the_pages() -> list[URLPattern]:
    """Add the pages on which stewards ask, call and read."""
    return [
        path("directory/freshness/", steward_views.waiting, name="directory_freshness"),
        path(
            "directory/freshness/<uuid:listing_id>/",
            steward_views.listing,
            name="directory_freshness_of",
        ),
        path(
            "directory/reports/<uuid:listing_id>/", steward_views.reports, name="directory_reports"
        ),
    ]


@hooks.register("register_permissions")
def offer_the_right() -> QuerySet[Permission]:
    """Offer the right to read reports among those that a group may hold."""
    return Permission.objects.filter(content_type__app_label="directory", codename="read_report")
