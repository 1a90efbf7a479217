"""The editors' side of notices: book them, and see where each may and may not stand."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from stepwell.apps.magazine.models import Notice
from stepwell.domain.notices import MOST, places
from stepwell.domain.sections import sections
from stepwell.domain.tags import tags


class NoticeForm(WagtailAdminModelForm):
    """Sections are chosen from those there are."""

    sections = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["sections"]
        if isinstance(chosen, forms.MultipleChoiceField):
            chosen.choices = [(one.id, one.name) for one in sections()]


Notice.base_form_class = NoticeForm  # type: ignore[attr-defined]  # Wagtail looks for it there


class NoticeViewSet(SnippetViewSet):
    """Notices, in the editors' menu."""

    model = Notice
    icon = "tag"
    menu_label = "Notices"
    add_to_admin_menu = True
    list_display = ("title", "sponsor", "from_on", "until_on", "active")
    search_fields = ("title", "sponsor")


register_snippet(NoticeViewSet)


def may_book(request: HttpRequest) -> bool:
    """Say whether this person may book notices."""
    user: Any = request.user
    return bool(user.is_active and user.has_perm("magazine.change_notice"))


def where_notices_stand(request: HttpRequest) -> HttpResponse:
    """Show every family of pages with yes or no, and why."""
    if not may_book(request):
        raise PermissionDenied
    names = [tags()[one].name for one in places().never_with_tags]
    context = {"families": places().families, "never": names, "most": MOST}
    return render(request, "magazine/admin/notice_places.html", context)


class PlacesItem(MenuItem):
    """The entry, for those who may book notices."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person sees it."""
        return may_book(request)


@hooks.register("register_reports_menu_item")
def add_the_entry() -> MenuItem:
    """Add the table to the reports."""
    return PlacesItem("Where notices stand", reverse("magazine_notice_places"), icon_name="tag")


@hooks.register("register_admin_urls")
def add_the_page() -> list[URLPattern]:
    """Add the page with the table."""
    return [path("magazine/notices/places/", where_notices_stand, name="magazine_notice_places")]
