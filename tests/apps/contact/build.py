"""Forms and letters for tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from stepwell.apps.contact import actions
from stepwell.apps.contact.forms import PURPOSE
from stepwell.apps.contact.models import Letter
from stepwell.domain.letters import Kind
from stepwell.lib import form_tokens

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CANARY = "canary-8c2e"


def token(age: timedelta = timedelta(minutes=5)) -> str:
    return form_tokens.issue(PURPOSE, timezone.now() - age)


def filled(**other: str) -> dict[str, str]:
    """A form as somebody fills it in."""
    said = {"kind": "question", "message": CANARY, "reply_to": f"{CANARY}@example.org"}
    return {**said, "page": "", "website": "", "token": token(), **other}


def send(client: Client, **other: str) -> Any:
    return client.post("/contact/send/", filled(**other))


def code_in(response: Any) -> str:
    code: str = response.content.decode().partition('<p class="code"><code>')[2].partition("<")[0]
    return code


def make_letter(code: str = "aaaa", written_on: date = TODAY, **other: Any) -> Letter:
    said: dict[str, Any] = {"kind": Kind.QUESTION, "message": CANARY, "reply_to": "", "page": ""}
    actions.keep_letter(**{**said, **other}, code=code, today=written_on)
    return Letter.objects.get(code_hash=actions.hash_of(code))
