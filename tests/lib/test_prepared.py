"""A prepared query answers what Django's own query answers, with other values each time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stepwell.apps.magazine.models import ArticleRow, Notice
from stepwell.lib.prepared import Given, Prepared
from tests.apps.magazine.build import make_many

pytestmark = pytest.mark.django_db
FIELDS = ("page_id", "section", "tags", "published_at", "changed_on", "heavy")


def test_it_answers_as_the_query_does_for_every_value() -> None:
    make_many(12)
    given = Given("section", ArticleRow, "section"), Given("at", ArticleRow, "published_at")
    prepared = Prepared(
        lambda: (
            ArticleRow.objects.filter(section=given[0], published_at__lte=given[1])
            .order_by("pk")
            .values_list(*FIELDS)[:5]
        )
    )
    asked = 0
    for row in ArticleRow.objects.all():
        for at in (row.published_at, row.published_at - timedelta(seconds=1)):
            plain = ArticleRow.objects.filter(section=row.section, published_at__lte=at)
            found = prepared(section=row.section, at=at)
            assert found == list(plain.order_by("pk").values_list(*FIELDS)[:5])
            asked += bool(found)
    assert asked


def test_it_is_put_into_sql_once_and_asked_every_time() -> None:
    made = []

    def make():
        made.append(1)
        return Notice.objects.filter(pk=Given("pk", Notice, "id")).values_list("title")

    prepared = Prepared(make)
    prepared(pk=1)
    before = len(made)
    with CaptureQueriesContext(connection) as asked:
        for number in (2, 3, 4):
            assert prepared(pk=number) == []

    assert len(made) == before
    assert len(asked) == 3


def test_a_value_is_never_part_of_the_query() -> None:
    today = timezone.localdate()
    for sections in (["news"], ["%"], ['a"b']):
        Notice.objects.create(title="T", text="t", sponsor="S", from_on=today, sections=sections)
    named = Prepared(
        lambda: (
            Notice.objects.annotate(named=Cast("sections", TextField()))
            .filter(named__contains=Given("word", Notice, "text"))
            .values_list("sections")
        )
    )

    assert named(word='"news"') == [(["news"],)]
    assert named(word='"%"') == [(["%"],)]
    assert named(word="' OR 1=1 --") == []
    assert named(word='"_"') == []
