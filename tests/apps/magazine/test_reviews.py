"""Signed reviews: bound to one text, never changed, and followed by badge, dates and JSON-LD."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from stepwell.apps.accounts.models import Clinician, Person
from stepwell.apps.audit.models import Event
from stepwell.apps.magazine import actions as magazine_actions
from stepwell.apps.magazine import newsroom, rendering, review_actions, starter
from stepwell.apps.magazine.models import (
    ArticleDates,
    ArticlePage,
    ArticleRow,
    ReviewEvent,
    TypingErrorEvent,
)
from stepwell.apps.magazine.review_actions import Verdict
from stepwell.domain.reviews import NoSignature, Outcome, Scope, months_later
from tests.apps.magazine.build import HELP, make_article, part
from tests.apps.magazine.people import make_clinician, make_person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
TEXT = "<p>Rest for two days, then walk.</p>"


@pytest.fixture(autouse=True)
def _newsroom(db: None) -> None:
    starter.make_site()
    newsroom.settle_newsroom()


@pytest.fixture
def cleo() -> Person:
    """A clinician with a profile."""
    return make_clinician()


@pytest.fixture
def ada() -> Person:
    """An editor."""
    return make_person("ada", "Editors")


def verdict(**told: Any) -> Verdict:
    due = months_later(TODAY(), 36) if told.get("outcome") is not Outcome.CHANGES_ASKED else None
    usual = {"outcome": Outcome.APPROVED, "scope": Scope.WHOLE, "review_due": due}
    return Verdict(**{**usual, **told})


def sign(page: ArticlePage, by: Person, **told: Any) -> ReviewEvent:
    seen = review_actions.newest_draft(page).hash
    return review_actions.sign(
        page=page, by=by, seen_hash=seen, verdict=verdict(**told), today=TODAY()
    )


def fresh(page: ArticlePage) -> ArticlePage:
    """Return the article as the database has it now."""
    found: ArticlePage = ArticlePage.objects.get(pk=page.pk)
    return found


def change(page: ArticlePage, text: str, by: Person | None, *, publish: bool = True) -> None:
    page = fresh(page)
    page.body = part("A heading", text)
    revision = page.save_revision(user=by)
    if publish:
        revision.publish(user=by)


def shown(client: Client, page: ArticlePage) -> tuple[str, dict[str, Any]]:
    """Return the page's text and what its JSON-LD says of the page."""
    row = ArticleRow.objects.get(page=page)
    html = client.get(row.url).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert found
    graph = json.loads(found[1])["@graph"]
    return html, next(one for one in graph if one["@type"] == "Article")["mainEntityOfPage"]


def test_a_signature_holds_who_where_and_the_very_text(cleo: Person) -> None:
    page = make_article(text=TEXT)

    event = sign(page, cleo, interests="Sits on a board.")

    draft = review_actions.newest_draft(page)
    assert (event.text_hash, event.text) == (draft.hash, draft.written)
    assert rendering.hash_of_written(event.text) == event.text_hash
    assert event.revision_id == draft.revision.pk
    assert (event.shown_name, event.title) == ("Dr Cleo Example", "Clinical psychologist")
    assert event.registration_number == "PYL00001"
    assert event.register == cleo.clinician.register_name
    logged = Event.objects.get(verb="review: approved")
    assert (logged.by, logged.thing, logged.reason) == (cleo, f"article:{page.pk}", draft.hash)


def test_an_approved_text_that_is_published_gets_badge_dates_and_json_ld(
    client: Client, cleo: Person
) -> None:
    page = make_article(text=TEXT)

    sign(page, cleo, interests="Sits on a board.")

    row = ArticleRow.objects.get(page=page)
    assert (row.review_state, row.reviewed_on) == ("current", TODAY())
    html, data = shown(client, page)
    assert 'data-badge="current"' in html
    assert "Last reviewed as a whole" in html
    assert "Sits on a board." in html
    assert data["reviewedBy"]["name"] == row.reviewer
    assert data["lastReviewed"] == TODAY().isoformat()


def test_publishing_an_approved_draft_makes_it_current(cleo: Person) -> None:
    page = make_article(text=TEXT, publish=False)
    page.save_revision()
    sign(page, cleo)
    assert not ArticleRow.objects.filter(page=page).exists()

    fresh(page).get_latest_revision().publish()

    assert ArticleRow.objects.get(page=page).review_state == "current"


def test_W3_one_changed_word_changes_badge_dates_and_json_ld_at_that_publish(
    client: Client, cleo: Person, ada: Person
) -> None:
    page = make_article(text=TEXT)
    sign(page, cleo)
    ArticleDates.objects.update(changed_on=date(2026, 1, 2))
    change(page, TEXT.replace("two", "three"), ada, publish=False)
    assert ArticleRow.objects.get(page=page).review_state == "current"  # readers see the old text

    fresh(page).get_latest_revision().publish()

    row = ArticleRow.objects.get(page=page)
    assert (row.review_state, row.reviewer, row.reviewed_on) == ("changed", "", None)
    assert row.changed_on == TODAY()
    html, data = shown(client, page)
    assert 'data-badge="changed"' in html
    assert "Last reviewed as a whole" not in html
    assert "two</del>" in html
    assert "three</ins>" in html
    assert set(data) == {"@type", "@id"}


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Another"},
        {"standfirst": "Another."},
        {"content_note": "A note."},
        {"heavy": True},
        {"tags": ["adhd"]},
        {"body": part("Another heading", TEXT)},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_any_word_of_the_article_counts(cleo: Person, edit: dict[str, Any]) -> None:
    page = make_article(text=TEXT + HELP, content_note="A first note.")
    sign(page, cleo)
    page = ArticlePage.objects.get(pk=page.pk)

    for name, value in edit.items():
        setattr(page, name, value)
    page.save_revision().publish()

    row = ArticleRow.objects.select_related("text").get(page=page)
    assert row.review_state == "changed"
    assert row.text.review["changes"]


def test_removed_words_of_a_heavy_text_are_not_shown_again(
    client: Client, cleo: Person, ada: Person
) -> None:
    page = make_article(text=TEXT, heavy=True)
    page.body = [("content_note", {"topic": "A topic", "text": TEXT + HELP})]
    page.save_revision().publish()
    sign(fresh(page), cleo)
    page = fresh(page)
    changed = TEXT.replace("two", "three") + HELP
    page.body = [("content_note", {"topic": "A topic", "text": changed})]
    page.save_revision(user=ada).publish(user=ada)

    html, _ = shown(client, page)

    review = html[html.index('data-badge="changed"') :].partition("</ul>")[0]
    assert "(words taken out)" in review
    assert "three</ins>" in review
    assert ">two" not in review
    assert '<details class="note"><summary>A topic</summary>' in review


def test_going_back_to_the_reviewed_words_brings_the_badge_back(cleo: Person, ada: Person) -> None:
    page = make_article(text=TEXT)
    sign(page, cleo)
    change(page, TEXT.replace("two", "three"), ada)

    change(page, TEXT, ada)

    assert ArticleRow.objects.get(page=page).review_state == "current"


def test_a_review_of_parts_makes_no_badge(client: Client, cleo: Person) -> None:
    page = make_article(text=TEXT)

    sign(page, cleo, scope=Scope.PARTS, parts="The first part")

    html, data = shown(client, page)
    assert 'data-badge="none"' in html
    assert "reviewedBy" not in data


def test_asking_for_changes_takes_the_badge_back_at_once(client: Client, cleo: Person) -> None:
    page = make_article(text=TEXT)
    sign(page, cleo)

    sign(page, cleo, outcome=Outcome.CHANGES_ASKED, note="Two days are too few.")

    html, data = shown(client, page)
    assert 'data-badge="none"' in html
    assert "too few" not in html
    assert "reviewedBy" not in data


def test_an_overdue_review_says_so_without_a_publish(client: Client, cleo: Person) -> None:
    page = make_article(text=TEXT)
    sign(page, cleo)
    yesterday = TODAY() - timedelta(days=1)
    ArticleRow.objects.update(reviewed_on=date(2023, 3, 3), review_due=yesterday)

    html, data = shown(client, page)

    assert 'data-badge="overdue"' in html
    assert f"The review was due in {yesterday:%B %Y}" in html
    assert "reviewedBy" not in data
    assert "lastReviewed" not in data


def test_unpublishing_keeps_the_history_and_rebuilding_tells_the_same(cleo: Person) -> None:
    page = make_article(text=TEXT)
    sign(page, cleo)
    page.refresh_from_db()

    page.unpublish()
    assert ReviewEvent.objects.count() == 1
    fresh(page).get_latest_revision().publish()
    before = ArticleRow.objects.values().get(page=page)
    magazine_actions.rebuild()

    assert ArticleRow.objects.values().get(page=page) == before
    assert before["review_state"] == "current"


def test_deleting_the_page_keeps_the_history(cleo: Person) -> None:
    page = make_article(text=TEXT)
    sign(page, cleo)

    ArticlePage.objects.get(pk=page.pk).delete()

    assert ReviewEvent.objects.get().page_id == page.pk


def test_a_review_can_neither_be_changed_nor_deleted(cleo: Person) -> None:
    event = sign(make_article(text=TEXT), cleo)

    for attempt in (
        event.save,
        event.delete,
        ReviewEvent.objects.all().delete,
        lambda: ReviewEvent.objects.update(outcome="approved"),
    ):
        with pytest.raises(TypeError):
            attempt()


def test_only_clinicians_with_a_profile_sign(cleo: Person, ada: Person) -> None:
    page = make_article(text=TEXT)
    without_profile = make_person("ben", "Clinicians")
    superuser = Person.objects.create_superuser("root", password="x" * 20)
    Clinician.objects.create(
        person=superuser,
        shown_name="Root",
        profession="clinical_psychologist",
        register="gb_hcpc",
        registration_number="2",
    )
    gone = make_clinician("dora", "3")
    gone.is_active = False

    for person in (ada, without_profile, superuser, gone):
        with pytest.raises(PermissionDenied):
            sign(page, person)
    assert not ReviewEvent.objects.exists()


def test_a_text_that_changed_while_it_was_read_is_not_signed(cleo: Person, ada: Person) -> None:
    page = make_article(text=TEXT)
    seen = review_actions.newest_draft(page).hash
    change(page, TEXT.replace("two", "three"), ada, publish=False)

    with pytest.raises(NoSignature, match="changed while you read"):
        review_actions.sign(page=page, by=cleo, seen_hash=seen, verdict=verdict(), today=TODAY())


def test_a_review_is_due_within_the_months_of_the_site(cleo: Person, settings: Any) -> None:
    page = make_article(text=TEXT)
    settings.REVIEW_MONTHS = 12

    with pytest.raises(NoSignature, match="Choose a day between"):
        sign(page, cleo)
    sign(page, cleo, review_due=months_later(TODAY(), 12))


def test_the_database_refuses_reviews_that_cannot_be(cleo: Person) -> None:
    page = make_article(text=TEXT)
    good = {
        "page": page,
        "revision_id": 1,
        "text_hash": "x",
        "text": "x",
        "reviewer": cleo,
        "shown_name": "A",
        "title": "B",
        "register": "C",
        "registration_number": "D",
        "scope": "whole",
        "outcome": "approved",
        "reviewed_on": date(2026, 1, 2),
        "review_due": date(2027, 1, 2),
    }
    wrong = [
        {"review_due": None},
        {"review_due": date(2026, 1, 2)},
        {"outcome": "changes_asked", "note": "x"},
        {"outcome": "changes_asked", "review_due": None},
        {"outcome": "liked"},
        {"scope": "parts"},
        {"parts": "x"},
        {"registration_number": ""},
    ]

    review = ReviewEvent.objects.create(**good)
    for told in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewEvent.objects.create(**{**good, **told})
    carried = {"page": page, "revision_id": 1, "text": "y", "review": review, "old_hash": "x"}
    for told in (
        {"text_hash": "y", "changed_by": cleo, "confirmed_by": cleo},
        {"text_hash": "x", "changed_by": make_person("ann"), "confirmed_by": cleo},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TypingErrorEvent.objects.create(**carried, **told)
