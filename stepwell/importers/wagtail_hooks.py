"""Adds the imports to the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stepwell.apps.directory.access import can_settle_listing
from stepwell.apps.magazine import access
from stepwell.importers.admin import listing_views as tables
from stepwell.importers.admin import views
from stepwell.importers.admin.download import download


class ImportsItem(MenuItem):
    """The menu's entry, for those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who may import."""
        return access.can_import(request.user)


@hooks.register("register_admin_urls")
def add_the_pages() -> list[URLPattern]:
    """Add the pages."""
    return [
        path("wordpress/", views.index, name="article_imports"),
        path("wordpress/upload/", views.upload, name="article_import_upload"),
        path("wordpress/<int:run_id>/", views.one, name="article_import"),
        path("wordpress/<int:run_id>/import/", views.confirm, name="article_import_confirm"),
        path("wordpress/<int:run_id>/drop/", views.drop, name="article_import_drop"),
        path("wordpress/<int:run_id>/undo/", views.take_back, name="article_import_undo"),
        path("listing-tables/", tables.index, name="listing_uploads"),
        path("listing-tables/new/", tables.upload, name="listing_upload_new"),
        path("listing-tables/download/", download, name="listing_download"),
        path("listing-tables/<int:upload_id>/", tables.one, name="listing_upload"),
        path(
            "listing-tables/<int:upload_id>/import/", tables.confirm, name="listing_upload_confirm"
        ),
        path("listing-tables/<int:upload_id>/drop/", tables.drop, name="listing_upload_drop"),
        path(
            "listing-tables/<int:upload_id>/mapping/", tables.mapping, name="listing_upload_mapping"
        ),
        path(
            "listing-tables/<int:upload_id>/rejects/", tables.rejects, name="listing_upload_rejects"
        ),
    ]


class TablesItem(MenuItem):
    """The menu's entry for listings, for stewards."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who look after listings."""
        return can_settle_listing(request.user)


@hooks.register("register_admin_menu_item")
def add_the_tables() -> MenuItem:
    """Add the entry for listings from a table."""
    return TablesItem(
        "Listings from a table", reverse("listing_uploads"), icon_name="table", order=640
    )


@hooks.register("register_admin_menu_item")
def add_the_menu_item() -> MenuItem:
    """Add the menu's entry."""
    return ImportsItem("WordPress", reverse("article_imports"), icon_name="download", order=650)
