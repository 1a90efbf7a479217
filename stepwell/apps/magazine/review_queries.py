"""Reads: what has to be reviewed, when, and by whom it was last. From the rows alone."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from wagtail.models import Task, TaskState

from stepwell.apps.magazine.models import ArticlePage, ArticleRow, ClinicalReviewTask
from stepwell.domain.reviews import SOON_DAYS, Due, ReviewState, months_later

FORECAST_MONTHS = 24


def in_group(due: Due, today: date) -> Q:
    """Return the condition of one group: the fast twin of stepwell.domain.reviews.due_of."""
    last = [today + timedelta(days=days) for days in SOON_DAYS.values()]
    current = Q(review_state=ReviewState.CURRENT)
    return {
        Due.OVERDUE: current & Q(review_due__lt=today),
        Due.IN_30_DAYS: current & Q(review_due__gte=today, review_due__lte=last[0]),
        Due.IN_90_DAYS: current & Q(review_due__gt=last[0], review_due__lte=last[1]),
        Due.LATER: current & Q(review_due__gt=last[1]),
        Due.CHANGED: Q(review_state=ReviewState.CHANGED),
        Due.NEVER: Q(review_state=ReviewState.NONE),
    }[due]


def counts_by_section(today: date) -> dict[str, dict[str, int]]:
    """Return how many published articles of each section are in each group."""
    groups = {due.value: Count("pk", filter=in_group(due, today)) for due in Due}
    rows = ArticleRow.objects.order_by().values_list("section").annotate(**groups)
    names = [due.value for due in Due]
    return {section: dict(zip(names, numbers, strict=True)) for section, *numbers in rows}


def articles_in(due: Due, today: date, section: str) -> QuerySet[ArticleRow]:
    """Return the published articles of one group, the most urgent first; "" is every section."""
    found = ArticleRow.objects.filter(in_group(due, today))
    if section:
        found = found.filter(section=section)
    return found.order_by("review_due", "published_at", "pk")


def forecast(today: date) -> Mapping[tuple[date, str], int]:
    """Return how many reviews fall due by month and by who reviewed last, from this month on."""
    first = today.replace(day=1)
    end = months_later(first, FORECAST_MONTHS)
    ahead = ArticleRow.objects.filter(
        review_state=ReviewState.CURRENT, review_due__gte=today, review_due__lt=end
    )
    months = ahead.order_by().values_list(TruncMonth("review_due"), "reviewer")
    rows = months.annotate(number=Count("pk"))
    return {(month, reviewer): number for month, reviewer, number in rows}


def waiting() -> list[TaskState]:
    """Return the texts in the workflow that wait for a clinician, the longest first."""
    steps = Task.objects.filter(pk__in=ClinicalReviewTask.objects.values("pk"))
    found = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=steps)
    return list(found.select_related("revision").order_by("started_at")[:50])


def find_page(page_id: int) -> ArticlePage | None:
    """Return an article, published or not."""
    found: ArticlePage | None = ArticlePage.objects.filter(pk=page_id).first()
    return found
