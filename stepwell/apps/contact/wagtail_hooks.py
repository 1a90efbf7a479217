"""The editors' side of the room: a menu entry and the right that it needs."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stepwell.apps.contact import staff_views
from stepwell.apps.contact.access import can_read_letters


class LettersItem(MenuItem):
    """The entry, for those who may read letters."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person sees it."""
        return can_read_letters(request.user)


@hooks.register("register_admin_menu_item")
def add_the_letters() -> MenuItem:
    """Add letters to the menu."""
    return LettersItem("Letters", reverse("contact_letters"), icon_name="mail", order=350)


@hooks.register("register_admin_urls")
def add_the_pages() -> list[URLPattern]:
    """Add the pages on which letters are read and settled."""
    return [
        path("contact/letters/", staff_views.letters, name="contact_letters"),
        path("contact/letters/<uuid:letter_id>/", staff_views.letter, name="contact_letter"),
        path(
            "contact/letters/<uuid:letter_id>/settle/",
            staff_views.settle,
            name="contact_settle_letter",
        ),
    ]


@hooks.register("register_permissions")
def offer_the_right() -> QuerySet[Permission]:
    """Offer the right to read letters among those that a group may hold."""
    return Permission.objects.filter(content_type__app_label="contact", codename="read_letter")
