"""A typing error needs a second person, and is never more than a typing error."""

import pytest
from django.core.exceptions import PermissionDenied

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.magazine import newsroom, review_actions, starter
from stepwell.apps.magazine.models import ArticlePage, ArticleRow, TypingErrorEvent
from stepwell.domain.reviews import NoSignature
from tests.apps.magazine.build import make_article
from tests.apps.magazine.people import make_clinician, make_person
from tests.apps.magazine.test_reviews import TEXT, change, fresh, sign

pytestmark = pytest.mark.django_db
REPAIRED = TEXT.replace("walk", "wlak")


@pytest.fixture
def page(db: None) -> ArticlePage:
    """A published article that Cleo has reviewed; Ada and Ben are editors."""
    starter.make_site()
    newsroom.settle_newsroom()
    page = make_article(text=TEXT)
    sign(page, make_clinician())
    make_person("ada", "Editors")
    make_person("ben", "Editors")
    return page


def person(name: str) -> Person:
    return Person.objects.get(username=name)


def confirm(page: ArticlePage, name: str) -> TypingErrorEvent:
    page = fresh(page)
    seen = review_actions.newest_draft(page).hash
    return review_actions.confirm_typing_error(page=page, by=person(name), seen_hash=seen)


def state_of(page: ArticlePage) -> str:
    return str(ArticleRow.objects.get(page=page).review_state)


@pytest.mark.parametrize("name", ["ben", "cleo"])
def test_a_second_person_carries_the_review_over(page: ArticlePage, name: str) -> None:
    old = review_actions.newest_draft(page).hash
    change(page, REPAIRED, person("ada"))
    assert state_of(page) == "changed"

    event = confirm(page, name)

    assert state_of(page) == "current"
    assert (event.old_hash, event.changed_by.username) == (old, "ada")
    logged = Event.objects.get(verb="review: typing error only")
    assert (logged.by, logged.reason) == (person(name), f"{old} {event.text_hash}")


def test_it_can_be_confirmed_before_it_is_published(page: ArticlePage) -> None:
    change(page, REPAIRED, person("ada"), publish=False)
    confirm(page, "ben")

    fresh(page).get_latest_revision().publish()

    assert state_of(page) == "current"


def test_whoever_changed_it_cannot_confirm_it(page: ArticlePage) -> None:
    change(page, REPAIRED, person("ada"))

    with pytest.raises(NoSignature, match="yourself"):
        confirm(page, "ada")


def test_saving_again_without_a_change_makes_nobody_the_changer(page: ArticlePage) -> None:
    change(page, REPAIRED, person("ada"))
    change(page, REPAIRED, person("ben"))

    with pytest.raises(NoSignature, match="yourself"):
        confirm(page, "ada")
    confirm(page, "ben")


def test_both_of_two_changers_are_refused(page: ArticlePage) -> None:
    change(page, REPAIRED, person("ada"))
    change(page, REPAIRED.replace("Rest", "Rset"), person("ben"))

    for name in ("ada", "ben"):
        with pytest.raises(NoSignature, match="yourself"):
            confirm(page, name)
    confirm(page, "cleo")


def test_where_nobody_knows_who_changed_it_nobody_confirms(page: ArticlePage) -> None:
    change(page, REPAIRED, None)

    with pytest.raises(NoSignature, match="not known who"):
        confirm(page, "ben")


@pytest.mark.parametrize(
    "text", [TEXT.replace("two", "20"), TEXT.replace("then", "not"), "<p>Something else.</p>" * 5]
)
def test_more_than_a_typing_error_needs_a_review(page: ArticlePage, text: str) -> None:
    change(page, text, person("ada"))

    with pytest.raises(NoSignature, match="new review"):
        confirm(page, "ben")


def test_many_small_steps_do_not_add_up_to_another_text(page: ArticlePage) -> None:
    text = TEXT
    for old, new in (("two", "too"), ("walk", "wlak")):
        text = text.replace(old, new)
        change(page, text, person("ada"))
        confirm(page, "ben")
    change(page, "<p>Rset for tow dayys, than walkk.</p>", person("ada"))

    with pytest.raises(NoSignature, match="More than"):
        confirm(page, "ben")


def test_there_is_nothing_to_carry_without_a_review_or_a_change(page: ArticlePage) -> None:
    with pytest.raises(NoSignature, match="holds for this text already"):
        confirm(page, "ben")
    with pytest.raises(NoSignature, match="No review"):
        confirm(make_article(), "ben")


def test_only_editors_and_clinicians_confirm(page: ArticlePage) -> None:
    change(page, REPAIRED, person("ada"))
    make_person("stan", "Stewards")
    make_person("mona", "Moderators")

    for name in ("stan", "mona"):
        with pytest.raises(PermissionDenied):
            confirm(page, name)
    assert state_of(page) == "changed"
