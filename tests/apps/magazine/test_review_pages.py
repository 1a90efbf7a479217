"""What is due: every article in one group, the same numbers everywhere, and few queries."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stepwell.apps.magazine import newsroom, newsroom_presenters, review_queries, starter
from stepwell.apps.magazine.models import ArticleRow
from stepwell.domain.reviews import Due, due_of, months_later
from tests.apps.magazine.build import make_many
from tests.apps.magazine.people import make_clinician, make_person

pytestmark = pytest.mark.django_db
ANN, BEN = "Dr Ann (A register, 1)", "Ben (A register, 2)"


@pytest.fixture
def today(db: None) -> date:
    """Today, with fourteen articles of every kind of standing; Ada is an editor."""
    starter.make_site()
    newsroom.settle_newsroom()
    make_person("ada", "Editors")
    make_many(14)
    day = timezone.localdate()
    ahead = [-400, -1, 0, 30, 31, 90, 91, 400, 900]
    rows = ArticleRow.objects.order_by("pk")
    for row, days in zip(rows, ahead, strict=False):
        row.review_state, row.reviewer = "current", ANN if days % 2 else BEN
        row.reviewed_on, row.review_due = date(2020, 1, 1), day + timedelta(days=days)
        row.save()
    ArticleRow.objects.filter(pk__in=[row.pk for row in rows[9:11]]).update(review_state="changed")
    return day


def test_sql_and_the_rule_put_every_article_into_the_same_group(today: date) -> None:
    for due in Due:
        found = set(review_queries.articles_in(due, today, "").values_list("pk", flat=True))

        assert found == {row.pk for row in ArticleRow.objects.all() if due_of(row, today) is due}
        assert found, due


def test_the_counts_add_up_to_all_articles(today: date) -> None:
    counts = review_queries.counts_by_section(today)
    shown = newsroom_presenters.counts(counts)

    assert sum(sum(one.values()) for one in counts.values()) == 14
    assert sum(number for _, number in shown["sums"]) == 14
    assert len(shown["rows"]) == 7


def test_the_forecast_holds_every_review_of_24_months_once(today: date) -> None:
    found = review_queries.forecast(today)
    shown = newsroom_presenters.forecast(found, today)

    end = months_later(today.replace(day=1), 24)
    expected = ArticleRow.objects.filter(review_due__gte=today, review_due__lt=end)
    assert sum(row["total"] for row in shown["rows"]) == expected.count() == 6
    assert shown["reviewers"] == [BEN, ANN]
    assert len(shown["rows"]) == 24
    for row, reviewer in product(expected, shown["reviewers"]):
        if row.reviewer == reviewer:
            assert found[row.review_due.replace(day=1), reviewer] >= 1


def test_R12_the_overview_asks_as_much_for_fourteen_articles_as_for_three(
    client: Client, today: date
) -> None:
    client.force_login(make_clinician())
    numbers = []
    for more in (False, True):
        if more:
            ArticleRow.objects.update(
                review_state="none", reviewer="", reviewed_on=None, review_due=None
            )
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"{reverse('magazine_reviews')}?due=never")
        assert answer.status_code == 200
        own = [one["sql"] for one in captured if "magazine_" in one["sql"]]
        numbers.append(len(own))

    assert numbers[0] == numbers[1] <= 6


@pytest.mark.parametrize("due", list(Due))
def test_every_group_has_its_list(client: Client, today: date, due: Due) -> None:
    client.force_login(make_clinician())

    html = client.get(f"{reverse('magazine_reviews')}?due={due}").content.decode()

    assert newsroom_presenters.DUE_WORDS[due] in html
    assert "Read and sign" in html


@pytest.mark.parametrize("query", ["due=x", "section=x", "p=x", "p=999", "due=%00"])
def test_odd_addresses_still_answer(client: Client, today: date, query: str) -> None:
    client.force_login(make_clinician())

    assert client.get(f"{reverse('magazine_reviews')}?{query}").status_code == 200


def test_the_admins_first_page_says_how_much_is_due(client: Client, today: date) -> None:
    client.force_login(make_clinician())

    html = client.get("/admin/").content.decode()

    assert "Overdue: 2" in html
    assert "Changed since review: 2" in html


def test_no_starter_article_claims_a_review(client: Client) -> None:
    call_command("load_starter_articles", verbosity=0)

    states = ArticleRow.objects.values_list("review_state", "reviewer", "reviewed_on").distinct()

    assert list(states.order_by()) == [("none", "", None)]
