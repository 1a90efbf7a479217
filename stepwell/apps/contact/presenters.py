"""What the room's templates show. No queries."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from stepwell.apps.contact.forms import (
    LONGEST_KEPT,
    LONGEST_MESSAGE,
    LONGEST_REPLY_TO,
    PURPOSE,
    LetterForm,
    page_of,
)
from stepwell.domain.crisis_words import help_first
from stepwell.domain.letters import KIND_WORDS
from stepwell.lib import form_tokens


def promises(today: date) -> dict[str, Any]:
    """Return who reads letters, when, and how long they are kept."""
    return {
        "readers": settings.CONTACT_READERS,
        "hours": settings.CONTACT_HOURS,
        "read_by": today + timedelta(days=settings.CONTACT_ANSWER_DAYS),
        "answer_days": settings.CONTACT_ANSWER_DAYS,
        "keep_days": settings.CONTACT_KEEP_DAYS,
    }


def blank(now: Any, page: str) -> dict[str, Any]:
    """Return the form as it is first shown, about a page if one is named."""
    page = page_of(page)
    values = {"kind": "correction" if page else "", "page": page}
    return {**_form(values), **promises(now.date()), "token": form_tokens.issue(PURPOSE, now)}


def again(form: LetterForm, wait: int = 0, failed: bool = False) -> dict[str, Any]:
    """Return the form as it comes back, with everything that was written in it."""
    values = {name: form.data[name][:LONGEST_KEPT] for name in form.data}
    return {
        **_form(values),
        **promises(form.now.date()),
        "token": form.token_to_show,
        "problems": [*form.problems, *_reasons_to_wait(wait, failed)],
        "errors": {name: messages[0] for name, messages in form.errors.items()},
        "danger": help_first(form.data["message"]),
    }


def sent(form: LetterForm) -> dict[str, Any]:
    """Return what is said once a letter is stored."""
    return {
        **promises(form.now.date()),
        "code": form.code,
        "has_reply_to": bool(form.said["reply_to"]),
        "danger": help_first(form.said["message"]),
    }


def _form(values: dict[str, str]) -> dict[str, Any]:
    return {
        "values": values,
        "kinds": [(kind.value, words) for kind, words in KIND_WORDS.items()],
        "longest_message": LONGEST_MESSAGE,
        "longest_reply_to": LONGEST_REPLY_TO,
    }


def _reasons_to_wait(wait: int, failed: bool) -> list[tuple[str, str]]:
    if failed:
        words = "We could not store your letter, so it was not sent. Please try again in a minute."
        return [("message", words)]
    if wait:
        minutes = -(-wait // 60)
        shown = "a minute" if minutes == 1 else f"{minutes} minutes"
        words = (
            "Many letters came from your network at once, so this one was not sent yet. Your "
            f"words are still here. Please send it again in {shown}."
        )
        return [("message", words)]
    return []
