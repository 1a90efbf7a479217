"""Adds the imports to the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stepwell.apps.magazine import access
from stepwell.importers.admin import views


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
    ]


@hooks.register("register_admin_menu_item")
def add_the_menu_item() -> MenuItem:
    """Add the menu's entry."""
    return ImportsItem("WordPress", reverse("article_imports"), icon_name="download", order=650)
