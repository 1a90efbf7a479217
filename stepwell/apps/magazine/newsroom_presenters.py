"""What the newsroom's pages on reviews show. No queries."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.safestring import mark_safe
from wagtail.models import TaskState

from stepwell.apps.magazine import rendering, reviewing
from stepwell.apps.magazine.models import ArticlePage
from stepwell.apps.magazine.review_queries import FORECAST_MONTHS
from stepwell.apps.magazine.vocabulary import section_of, sections_by_id
from stepwell.domain.reviews import Due, months_later
from stepwell.domain.sections import Section
from stepwell.domain.text_changes import Change

DUE_WORDS = {
    Due.OVERDUE: "Overdue",
    Due.IN_30_DAYS: "Due in 30 days",
    Due.IN_90_DAYS: "Due in 31 to 90 days",
    Due.LATER: "Due later",
    Due.CHANGED: "Changed since review",
    Due.NEVER: "Never reviewed",
}


def counts(by_section: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Return the table of sections and groups, and its sums."""
    nothing: Mapping[str, int] = {}
    ids = [*sections_by_id(), *(one for one in by_section if one not in sections_by_id())]
    rows = [_counts_row(section_of(one), by_section.get(one, nothing)) for one in ids]
    sums = [sum(numbers) for numbers in zip(*(row["numbers"] for row in rows), strict=True)]
    return {
        "heads": list(DUE_WORDS.values()),
        "rows": [{**row, "cells": list(zip(Due, row["numbers"], strict=True))} for row in rows],
        "sums": list(zip(Due, sums, strict=True)),
    }


def _counts_row(section: Section, numbers: Mapping[str, int]) -> dict[str, Any]:
    told = [numbers.get(due, 0) for due in Due]
    return {"id": section.id, "name": section.name, "numbers": told}


def totals(by_section: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Return what the panel on the admin's first page says: each group and its number."""
    groups = [due for due in Due if due is not Due.LATER]
    return [
        {
            "due": due,
            "words": DUE_WORDS[due],
            "number": sum(section.get(due, 0) for section in by_section.values()),
        }
        for due in groups
    ]


def forecast(found: Mapping[tuple[date, str], int], today: date) -> dict[str, Any]:
    """Return a row for each of the coming months, with a column for each reviewer."""
    reviewers = sorted({reviewer for _, reviewer in found})
    first = today.replace(day=1)
    months = [months_later(first, number) for number in range(FORECAST_MONTHS)]
    numbers = [[found.get((month, one), 0) for one in reviewers] for month in months]
    return {
        "reviewers": reviewers,
        "rows": [
            {"month": month, "numbers": row, "total": sum(row)}
            for month, row in zip(months, numbers, strict=True)
        ],
    }


def waiting(states: Sequence[TaskState]) -> list[dict[str, Any]]:
    """Return the texts that wait for a clinician."""
    return [
        {
            "page_id": int(state.revision.object_id),
            "title": state.revision.object_str,
            "since": state.started_at,
        }
        for state in states
    ]


def chosen(due: Due, section: str, *, may_sign: bool) -> dict[str, Any]:
    """Return which list is looked at."""
    name = section_of(section).name if section else "all sections"
    return {
        "due": due,
        "section": section,
        "list_title": f"{DUE_WORDS[due]}: {name}",
        "may_sign": may_sign,
    }


def reading(article: ArticlePage, changes: Sequence[Change] | None) -> dict[str, Any]:
    """Return a text to be read as a whole, and what is different since it was approved."""
    row, text = rendering.draft(article)
    return {
        "article": article,
        "row": row,
        "text": text,
        "body": mark_safe(text.body),
        "changes": None if changes is None else reviewing.shown(changes, withheld=False),
    }
