"""The stewards' own pages in the admin: their menu entries and addresses."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stepwell.apps.directory.access import can_settle_case, can_settle_listing
from stepwell.apps.directory.stewards import credential_views, provider_views, views


class ListingsItem(MenuItem):
    """The way to a page for those who may settle listings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        return can_settle_listing(request.user)


class CasesItem(MenuItem):
    """The way to a page for every steward."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        return can_settle_case(request.user)


def menu_items() -> list[MenuItem]:
    """Return the entries for the directory's menu."""
    return [
        CasesItem("To look at", reverse("directory_cases"), icon_name="tasks"),
        CasesItem("Due", reverse("directory_due"), icon_name="calendar"),
        ListingsItem("Claims", reverse("directory_claims"), icon_name="warning"),
    ]


@hooks.register("register_admin_urls")
def add_the_pages() -> list[URLPattern]:
    """Add the pages on which a steward decides."""
    credential, provider = credential_views, provider_views
    pages = (
        ("claims/", views.claims_page, "directory_claims"),
        ("claims/<int:number>/", views.claims_page, "directory_claims"),
        ("cases/", views.case_list, "directory_cases"),
        ("cases/<int:case_id>/", views.case, "directory_case"),
        ("due/", views.due, "directory_due"),
        ("listing/<uuid:listing_id>/", views.settle_listing, "directory_settle_listing"),
        ("credential/<int:credential_id>/", credential.settle_credential,
         "directory_settle_credential"),
        ("evidence/<uuid:evidence_id>/", credential.document, "directory_evidence"),
        ("provider/<uuid:provider_id>/", provider.provider, "directory_provider"),
    )  # fmt: skip
    return [path(f"directory/{address}", view, name=name) for address, view, name in pages]
