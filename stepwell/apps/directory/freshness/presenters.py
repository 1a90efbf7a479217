"""What the pages of freshness show. No queries."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from stepwell.apps.directory.freshness.forms import (
    LONGEST_SHOWN,
    LONGEST_WAIT,
    LONGEST_WORDS,
    PURPOSE,
    PlainForm,
    TokenForm,
)
from stepwell.apps.directory.freshness.links import Link
from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.presenters import listing_page
from stepwell.domain.crisis_words import help_first
from stepwell.domain.freshness import (
    ANSWERED_WORDS,
    NEWS_WORDS,
    PROBLEM_WORDS,
    Answered,
    answer_words,
    shown_until,
)
from stepwell.domain.offers import Consent, Standing
from stepwell.lib import form_tokens

Context = dict[str, Any]
DONE = {
    "right": "Thank you. The entry is confirmed.",
    "people": "Thank you. The entry is confirmed, with what you said about new people.",
    "wrong": "Thank you. A steward reads what you wrote.",
    "stopped": "The entry is taken off.",
}


def confirm_page(
    link: Link, token: str, today: date, forms: Mapping[str, PlainForm] | None = None
) -> Context:
    """Return the page behind a link: the listing as it is shown, and what can be said of it."""
    listing, forms = link.listing, forms or {}
    problems = [problem for form in forms.values() for problem in form.problems]
    return {
        **listing_page.listing_page(listing, today),
        "token": token,
        "last_day": link.last_day,
        "is_ended": is_ended(listing),
        "is_hidden": listing.standing == Standing.HIDDEN,
        "news": [(one.value, words) for one, words in NEWS_WORDS.items()],
        "longest_wait": LONGEST_WAIT,
        "longest_words": LONGEST_WORDS,
        "shown_until": shown_until(listing.confirmed_on) if listing.confirmed_on else None,
        "problems": problems,
        "errors": dict(reversed(problems)),
        "values": _values(forms.values()),
    }


def done_page(link: Link, token: str, done: str, today: date) -> Context:
    """Return what is said after a provider has answered."""
    listing = link.listing
    return {
        "words": DONE[done],
        "done": done,
        "token": token,
        "listing": listing,
        "is_ended": is_ended(listing),
        "is_hidden": listing.standing == Standing.HIDDEN,
        "shown_until": shown_until(listing.confirmed_on) if listing.confirmed_on else None,
        "read_by": read_by(today),
    }


def is_ended(listing: Listing) -> bool:
    """Say whether nobody agrees any more to this listing being shown."""
    return listing.consent == Consent.NONE


def read_by(today: date) -> date:
    """Return by when a report of today is read."""
    return today + timedelta(days=settings.REPORT_READ_DAYS)


def report_page(
    listing: Listing,
    now: datetime,
    form: TokenForm | None = None,
    *,
    wait: int = 0,
    failed: bool = False,
) -> Context:
    """Return the page on which a visitor reports a problem, or says whether they were answered."""
    told = form is not None and form.is_bound
    problems = form.problems if form is not None and told else []
    unsafe = bool(form and not problems and getattr(form, "help_comes_first", False))
    values = _values([form]) if form else {}
    return {
        "listing": listing,
        "token": form.token_to_show if form else form_tokens.issue(PURPOSE, now),
        "kinds": [(one.value, words) for one, words in PROBLEM_WORDS.items()],
        "answers": [(one.value, words) for one, words in ANSWERED_WORDS.items()],
        "longest_words": LONGEST_WORDS,
        "values": values,
        "problems": [*problems, *_reasons_to_wait(wait, failed)],
        "errors": dict(reversed(problems)),
        "unsafe": unsafe,
        "danger": help_first(values.get("words", "")),
        "read_by": read_by(now.date()),
        "keep_days": settings.REPORT_KEEP_DAYS,
        "stewards": settings.REPORT_READERS,
    }


def reported_page(today: date) -> Context:
    """Return what is said once a report is stored; the same for all."""
    return {"read_by": read_by(today), "stewards": settings.REPORT_READERS}


def answers(said: Sequence[tuple[Answered, date]]) -> str:
    """Return what visitors told about being answered, in words."""
    return answer_words(said)


def _values(forms: Any) -> dict[str, str]:
    return {name: form.data[name][:LONGEST_SHOWN] for form in forms for name in form.data}


def _reasons_to_wait(wait: int, failed: bool) -> list[tuple[str, str]]:
    if failed:
        return [("problem", "We could not store it, so it was not sent. Try again in a minute.")]
    if wait:
        minutes = -(-wait // 60)
        shown = "a minute" if minutes == 1 else f"{minutes} minutes"
        words = (
            "Many reports came from your network at once, so this one was not sent yet. What you "
            f"wrote is still here. Please send it again in {shown}."
        )
        return [("problem", words)]
    return []
