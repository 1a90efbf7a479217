"""Somebody of the staff in a browser, without the sign-in: tests/browser/test_sign_in.py has it."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from stepwell.apps.accounts.models import Person


def sign_in(page: Page, url: str, username: str, place: str = "/admin/") -> None:
    """Give the browser a session of this person, and open a place."""
    client = Client()
    client.force_login(Person.objects.get(username=username))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}
    page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
    page.goto(f"{url}{place}")
