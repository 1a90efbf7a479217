"""The stewards' side: lists of what is there, and the two decisions a person can take."""

from typing import Any

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from stepwell.apps.directory.freshness import hooks as freshness_hooks
from stepwell.apps.directory.models import Credential, ImportRun, Listing, Provider
from stepwell.apps.directory.stewards import hooks as steward_hooks


class LookOnly(ModelPermissionPolicy):
    """Rows are changed by actions only, so the lists offer neither add, edit nor delete."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking, and only that, to whoever may view or change."""
        if action != "view":
            return False
        may_view: bool = super().user_has_permission(user, "view")
        return may_view or bool(super().user_has_permission(user, "change"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow what `user_has_permission` allows."""
        return any(self.user_has_permission(user, action) for action in actions)


for model in (Listing, Credential, Provider, ImportRun):
    register_permission_policy(model, LookOnly(model))


class LookOnlyViewSet(ModelViewSet):
    """A list with a page to look at each row."""

    exclude_form_fields: tuple[str, ...] = ()
    inspect_view_enabled = True
    copy_view_enabled = False
    search_backend_name = None


class ListingViewSet(LookOnlyViewSet):
    """Listings, whatever their standing."""

    model = Listing
    name = "directory_listings"
    icon = "list-ul"
    search_fields = ("name", "source_id")
    list_filter = ("standing", "consent", "kind", "fictional")
    list_display = (
        "name",
        "kind",
        "standing",
        "consent",
        Column("confirmed_on"),
        TitleColumn(
            "settle",
            label="Decide",
            accessor=lambda listing: "Hide or show",
            get_url=lambda listing: reverse("directory_settle_listing", args=[listing.pk]),
        ),
    )


class CredentialViewSet(LookOnlyViewSet):
    """Credentials and what was checked of them."""

    model = Credential
    name = "directory_credentials"
    icon = "tick"
    search_fields = ("number", "register")
    list_filter = ("state", "register", "jurisdiction")
    list_display = (
        "number",
        "register",
        "state",
        "level",
        Column("expires_on"),
        Column("next_check_on"),
        TitleColumn(
            "settle",
            label="Decide",
            accessor=lambda credential: "Write down a check",
            get_url=lambda credential: reverse("directory_settle_credential", args=[credential.pk]),
        ),
    )


class ProviderViewSet(LookOnlyViewSet):
    """Providers."""

    model = Provider
    name = "directory_providers"
    icon = "group"
    search_fields = ("name",)
    list_display = (
        "name",
        "type",
        "source",
        Column("excluded_on"),
        TitleColumn(
            "look",
            label="Look",
            accessor=lambda provider: "Listings, licences, history",
            get_url=lambda provider: reverse("directory_provider", args=[provider.pk]),
        ),
    )


class ImportRunViewSet(LookOnlyViewSet):
    """Imports, newest first."""

    model = ImportRun
    name = "directory_imports"
    icon = "download"
    ordering = ("-started_at",)
    list_display = ("source", "file", Column("started_at"), Column("unchanged"))


class DirectoryGroup(ViewSetGroup):
    """One menu for all of it."""

    items = (ListingViewSet, CredentialViewSet, ProviderViewSet, ImportRunViewSet)
    menu_label = "Directory"
    menu_icon = "site"
    menu_order = 300

    def get_submenu_items(self) -> list[MenuItem]:
        """Add what waits for a steward, for those who may act on it."""
        items: list[MenuItem] = super().get_submenu_items()
        return [*items, *steward_hooks.menu_items(), freshness_hooks.menu_item()]


@hooks.register("register_admin_viewset")
def add_the_directory() -> DirectoryGroup:
    """Add the directory to the admin."""
    return DirectoryGroup()
